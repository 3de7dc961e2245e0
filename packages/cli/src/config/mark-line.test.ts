import { expect, test } from 'vitest';
import { displayWidth } from '../output/wrap-text.ts';
import { markLine } from './mark-line.ts';

function show(line: string, column: number, length: number, width: number): readonly string[] {
  const { text, before, marks } = markLine(line, column, length, width);
  return [text, `${before}${marks}`];
}

test('the marks stand below the part, with tabs and wide characters before it', () => {
  expect(show('\tname: cart', 2, 4, 80)).toEqual(['\tname: cart', '\t^^^^']);
  expect(show('店: 購物', 4, 2, 80)).toEqual(['店: 購物', '    ^^^^']);
});

test('a place behind the end has a mark, too', () => {
  expect(show('key:', 5, 1, 80)).toEqual(['key:', '    ^']);
});

test('of a long line only what fits around the part is shown', () => {
  const line = `hosts: [${Array.from({ length: 30 }, (_, index) => `host-${index}`).join(', ')}]`;
  const wanted = line.indexOf('host-20');
  const [text = '', marks = ''] = show(line, wanted + 1, 'host-20'.length, 40);
  expect(displayWidth(text)).toBeLessThanOrEqual(40);
  expect(text).toMatch(/^….*host-20.*…$/);
  expect(text.slice(marks.lastIndexOf(' ') + 1, marks.length)).toBe('host-20');
  expect(show(line, 1, 5, 40)[0]).toMatch(/^hosts: .*[^…]…$/);
});

test('a part that is wider than the terminal is marked as far as it is shown', () => {
  const [text = '', marks = ''] = show(`a: ${'x'.repeat(100)}`, 4, 100, 30);
  expect(displayWidth(text)).toBeLessThanOrEqual(30);
  expect(marks.length).toBeLessThanOrEqual(text.length);
});
