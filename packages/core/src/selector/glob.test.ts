import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGlob } from './glob.ts';

test('a star takes as little as possible, the last one the rest', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/', '.'), maxLength: 8 });
  fc.assert(
    fc.property(text, text, (pattern, subject) => {
      const parts = pattern.split('*').map((part) => part.replace(/[./]/g, '\\$&'));
      const expected = new RegExp(`^${parts.join('(.*?)')}$`, 's').exec(subject)?.slice(1);
      expect(compileGlob(pattern)(subject)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['/shop/*', '/shop/cart', ['cart']],
  ['/*/*-v*', '/shop/cart-v-v2', ['shop', 'cart', '-v2']],
  ['a', 'b', undefined],
])('%s in %s', (pattern, text, runs) => {
  expect(compileGlob(pattern)(text)).toEqual(runs);
});
