import { expect, test } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'acb', 1],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
])('%j and %j are %d apart', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});

test('the nearest word is suggested, and nothing when all are far away', () => {
  expect(suggest('tiemout', ['retries', 'timeout', 'timeouts'])).toBe('timeout');
  expect(suggest('pth', ['path'])).toBe('path');
  expect(suggest('Type', ['type'])).toBe('type');
  expect(suggest('listen', ['urls', 'auth'])).toBeUndefined();
  expect(suggest('a', ['bcd'])).toBeUndefined();
});
