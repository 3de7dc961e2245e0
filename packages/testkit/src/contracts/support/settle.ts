import { delay } from '@signalbox/core';

export type Outcome<Value> =
  | { readonly state: 'fulfilled'; readonly value: Value }
  | { readonly state: 'rejected'; readonly reason: unknown }
  | { readonly state: 'pending' };

const stepMs = 20;

/**
 * What became of a promise within a time. The time is counted in short steps, each a turn of the event loop: on a machine that
 * stalls, the promise gets the stall on top, and a slow machine does not look like a broken plugin.
 */
export async function settleWithin<Value>(promise: Promise<Value>, limitMs: number): Promise<Outcome<Value>> {
  let outcome: Outcome<Value> = { state: 'pending' };
  const settled = promise.then(
    (value) => {
      outcome = { state: 'fulfilled', value };
    },
    (reason: unknown) => {
      outcome = { state: 'rejected', reason };
    },
  );
  for (let waitedMs = 0; waitedMs < limitMs && outcome.state === 'pending'; waitedMs += stepMs) {
    const timer = new AbortController();
    await Promise.race([settled, delay(stepMs, timer.signal).catch(() => {})]);
    timer.abort();
  }
  return outcome;
}
