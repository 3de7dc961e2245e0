import { expect, test } from 'vitest';
import { createRefill } from './refill.ts';

function createClock(afterMs = 30_000) {
  const clock = { nowMs: 0 };
  return { clock, refill: createRefill(afterMs, () => clock.nowMs) };
}

test('waits until nothing new came for a while', () => {
  const { clock, refill } = createClock();
  expect(refill.waitMs).toBeUndefined();
  refill.note('few', 1);
  clock.nowMs = 29_000;
  expect(refill.waitMs).toBe(1_000);
  refill.note('few', 2);
  expect(refill.waitMs).toBe(30_000);
  clock.nowMs = 58_999;
  // The same again is nothing new.
  refill.note('few', 2);
  clock.nowMs = 60_000;
  expect(refill.waitMs).toBe(0);
  expect(refill.reason).toBeUndefined();
  refill.begin();
  expect(refill.reason).toBe('few');
  expect(refill.waitMs).toBeUndefined();
});

test('is over when another reload brought new ones, and waits longer after each that failed', () => {
  const { clock, refill } = createClock();
  refill.note('few', 1);
  clock.nowMs = 30_000;
  refill.begin();
  refill.note(undefined, 1);
  expect(refill.reason).toBeUndefined();
  expect(refill.waitMs).toBeUndefined();
  refill.note('few', 1);
  refill.begin();
  refill.end();
  expect(refill.reason).toBeUndefined();
  expect(refill.waitMs).toBe(60_000);
  for (let tries = 0; tries < 10; tries += 1) refill.end();
  expect(refill.waitMs).toBe(64 * 30_000);
  refill.note(undefined, 1);
  refill.note('few', 2);
  expect(refill.waitMs).toBe(30_000);
});

test('never comes when it is turned off', () => {
  const { clock, refill } = createClock(0);
  refill.note('few', 1);
  clock.nowMs = 1e9;
  expect(refill.waitMs).toBeUndefined();
});
