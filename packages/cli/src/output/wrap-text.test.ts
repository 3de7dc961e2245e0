import { expect, test } from 'vitest';
import { createColors } from './colors.ts';
import { displayWidth, padText, unlimitedWidth, wrapLabelled, wrapText } from './wrap-text.ts';

test.each([
  ['plain', 5],
  ['店/購物車', 9],
  ['カート', 6],
  ['cafe\u0301', 4],
  ['👩‍👩‍👧 ok', 5],
  ['✔', 1],
  ['⚠️', 2],
  [createColors(true).red('red 店'), 6],
])('%s takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
  expect(displayWidth(padText(text, 12))).toBe(12);
  expect(padText(text, 12, 'right')).toMatch(/^ /);
});

test('text is broken between words, colours and wide characters included, and a long word stays whole', () => {
  const { red } = createColors(true);
  const text = wrapText(`one ${red('two three')} 店店店 /a/path/that/is/longer/than/the/line end`, 12, '  ');
  expect(text.split('\n')).toEqual([
    `one ${red('two three').split(' ')[0]}`,
    `  ${red('two three').split(' ')[1]}`,
    '  店店店',
    '  /a/path/that/is/longer/than/the/line',
    '  end',
  ]);
});

test('spaces at the start stay, and each line of the text is broken by itself', () => {
  expect(wrapText('    deep and wide\nnext', 12, '  ')).toBe('    deep and\n  wide\n  next');
  expect(wrapLabelled('  hint: ', 'do this or that', 18)).toBe('  hint: do this or\n        that');
});

test('without a width nothing is broken', () => {
  const long = 'word '.repeat(1_000);
  expect(wrapText(long, unlimitedWidth, '  ')).toBe(long);
});
