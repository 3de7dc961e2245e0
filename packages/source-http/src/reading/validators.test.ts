import { expect, test } from 'vitest';
import { readValidators } from './validators.ts';

const read = (headers: Readonly<Record<string, string>>) => readValidators({ header: (name) => headers[name] });
const modified = 'Sun, 22 Nov 2026 10:00:00 GMT';

test('an ETag counts before a date', () => {
  expect(read({ etag: 'W/"1"', 'last-modified': modified })).toEqual({ 'if-none-match': 'W/"1"' });
  expect(read({})).toBeUndefined();
});

test.each([
  ['Sun, 22 Nov 2026 10:00:00 GMT', undefined],
  ['Sun, 22 Nov 2026 10:00:01 GMT', { 'if-modified-since': modified }],
  ['no date', undefined],
])('a date of change counts when the answer was given at least a second later: %s', (date, expected) => {
  expect(read({ 'last-modified': modified, date })).toEqual(expected);
});

test('what cannot be sent is not sent', () => {
  expect(read({ etag: '"\u00e9\u0007"' })).toBeUndefined();
  expect(read({ 'last-modified': `${modified} (\u00e9)`, date: 'Sun, 22 Nov 2026 11:00:00 GMT' })).toBeUndefined();
});
