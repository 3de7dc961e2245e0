import { expect, test } from 'vitest';
import { durationPattern, formatDuration, parseDuration } from './durations.ts';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1.5h', 5_400_000],
  ['1m30s', 90_000],
  ['2d', 172_800_000],
  ['0', 0],
  [0, 0],
])('%j is %d ms', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['5', 5, '', '5 s', '-5s', '5sec', 's', 'ms5', true, null, undefined])('%j is no duration', (value) => {
  expect(parseDuration(value)).toBeUndefined();
});

test.each([0, 1, 999, 1_000, 1_500, 60_000, 90_000, 3_600_000, 86_400_000])(
  '%d ms are written so that they are read back',
  (durationMs) => {
    expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
    expect(formatDuration(durationMs)).toMatch(new RegExp(durationPattern));
  },
);
