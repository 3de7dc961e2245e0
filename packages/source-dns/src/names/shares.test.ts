import { expect, test } from 'vitest';
import { shareOf } from './shares.ts';

function shares(...values: readonly (readonly [priority: number, weight: number])[]) {
  const records = values.map(([priority, weight]) => ({ target: 'a', port: 1, priority, weight }));
  return records.map((record) => shareOf(record, records));
}

const weights = (...values: readonly number[]) =>
  shares(...values.map((weight) => [0, weight] as const)).map(({ weight }) => weight);

test('equal weights say nothing, whatever they are', () => {
  expect(weights(0, 0)).toEqual([undefined, undefined]);
  expect(weights(65_535, 65_535)).toEqual([undefined, undefined]);
  expect(weights(7)).toEqual([undefined]);
});

test.each([
  [
    [1, 3],
    [1, 3],
  ],
  [
    [256, 1],
    [256, 1],
  ],
  [
    [512, 256, 1],
    [256, 128, 1],
  ],
  [
    [65_535, 1],
    [256, 1],
  ],
  [
    [0, 1],
    [1, 256],
  ],
  [
    [0, 5, 10],
    [1, 128, 256],
  ],
  [
    [0, 60_000],
    [1, 256],
  ],
])('the weights %j are the shares %j', (given, expected) => {
  expect(weights(...given)).toEqual(expected);
});

test('all but the lowest priority are backups, and weights count within one priority', () => {
  expect(shares([20, 1], [10, 5], [10, 10], [20, 1], [30, 0])).toEqual([
    { backup: true },
    { weight: 5 },
    { weight: 10 },
    { backup: true },
    { backup: true },
  ]);
});
