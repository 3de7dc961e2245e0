import { service } from '@signalbox/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSelector, portNameOf, type Selector, sourceIdOf } from './selector.ts';

const web = service('/shop/web', {
  id: 'mesos:/shop/web#http',
  port: 10_000,
  labels: { tier: 'front', empty: '', 'odd*key': '1' },
});

describe('a selector', () => {
  test.each<[selector: Selector, matches: boolean]>([
    ['/shop/web', true],
    ['/shop', false],
    ['/shop/*', true],
    ['*', true],
    ['*/web', true],
    ['/s*p/*b', true],
    ['/shop/web*web', false],
    ['', false],
    [{}, true],
    [{ id: 'mesos:*' }, true],
    [{ source: 'mesos' }, true],
    [{ source: 'me' }, false],
    [{ portName: ['admin', 'http'] }, true],
    [{ port: 10_000 }, true],
    [{ port: [1, 2] }, false],
    [{ labels: { tier: 'fr*' } }, true],
    [{ labels: { tier: ['back', 'front'] } }, true],
    [{ labels: { tier: 'back' } }, false],
    [{ labels: { tier: true, other: false } }, true],
    [{ labels: { empty: true } }, true],
    [{ labels: { empty: '' } }, true],
    [{ labels: { other: '*' } }, false],
    [{ labels: { constructor: true } }, false],
    [{ labels: { toString: '*' } }, false],
    [{ name: '/shop/*', port: 1 }, false],
    [{ any: ['/other', { port: 10_000 }] }, true],
    [{ any: [] }, false],
    [{ all: ['/shop/*', { port: 10_000 }] }, true],
    [{ all: ['/shop/*', '/other'] }, false],
    [{ not: '/other' }, true],
    [{ not: { any: ['/shop/*'] } }, false],
  ])('%j: %s', (selector, matches) => {
    expect(compileSelector(selector)(web)).toBe(matches);
  });

  test('does not match a port where there is none', () => {
    expect(compileSelector({ port: 1 })(service('/x'))).toBe(false);
  });

  test('reads a star as any run of characters, like a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replace(/[./]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
        expect(compileSelector(pattern)(service(name))).toBe(expression.test(name));
      }),
      { numRuns: 2_000 },
    );
  });

  test('stays fast where a regular expression would not', () => {
    const matches = compileSelector(`${'*a'.repeat(40)}*b`);
    expect(matches(service('a'.repeat(50_000)))).toBe(false);
  });
});

test.each([
  ['mesos:/shop/web#http', 'mesos', 'http'],
  ['mesos:/a:b#c#0', 'mesos', '0'],
  ['nothing', '', ''],
])('the parts of the id %s', (id, source, port) => {
  expect([sourceIdOf(id), portNameOf(id)]).toEqual([source, port]);
});
