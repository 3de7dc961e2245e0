import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { delay } from './abort.ts';
import { consumeWithRestart } from './restarting.ts';

/** Runs attempts of these lifetimes, each ended by a failure, and gives the numbers that the failures were given. */
async function attemptsOf(lifetimesMs: readonly number[]): Promise<number[]> {
  const controller = new AbortController();
  const remaining = [...lifetimesMs];
  const attempts: number[] = [];
  await consumeWithRestart<void>({
    async *open() {
      await delay(remaining.shift() ?? 0);
      yield;
      throw new Error('lost');
    },
    onValue() {},
    onFailure(_, attempt) {
      attempts.push(attempt);
      if (remaining.length === 0) controller.abort();
      return 0;
    },
    backoff: { initialMs: 20, maxMs: 200 },
    signal: controller.signal,
  });
  return attempts;
}

test('waits longer and longer for what fails at once, although it gave a value', async () => {
  expect(await attemptsOf([0, 0, 0, 0])).toEqual([1, 2, 3, 4]);
});

test('begins anew when an attempt lived longer than the wait before it could be', async () => {
  expect(await attemptsOf([0, 0, 100, 0])).toEqual([1, 2, 1, 2]);
});

test('an end that nobody asked for is a failure without an error', async () => {
  const controller = new AbortController();
  const failures: unknown[] = [];
  await consumeWithRestart<number>({
    async *open() {
      yield 1;
    },
    onValue() {},
    onFailure(error) {
      failures.push(error);
      controller.abort();
      return 0;
    },
    signal: controller.signal,
  });
  expect(failures).toEqual([undefined]);
});

test('does not wait for an iterator that does not heed the signal', async () => {
  const controller = new AbortController();
  const consuming = consumeWithRestart<number>({
    async *open() {
      await new Promise(() => {});
      yield 1;
    },
    onValue() {},
    onFailure: () => 0,
    signal: controller.signal,
  });
  controller.abort();
  await consuming;
});

test('the signal of an attempt ends with the attempt, and nothing listens any more', async () => {
  const controller = new AbortController();
  const signals: AbortSignal[] = [];
  await consumeWithRestart<number>({
    open: (signal) => {
      expect(signals.every(({ aborted }) => aborted)).toBe(true);
      signals.push(signal);
      throw new Error('at once');
    },
    onValue() {},
    onFailure(_, attempt) {
      if (attempt === 3) controller.abort();
      return 0;
    },
    signal: controller.signal,
  });
  expect(signals).toHaveLength(3);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});
