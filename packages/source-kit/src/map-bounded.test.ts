import { delay } from '@signalbox/core';
import { expect, it } from 'vitest';
import { mapBounded } from './map-bounded.ts';

const { signal } = new AbortController();

it('gives the results in the order of the items, and works on a few at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([3, 1, 2, 0, 1], 2, signal, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await delay(item);
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 0, 10]);
  expect(most).toBe(2);
});

it('ends all others with the first that fails, and throws its error', async () => {
  const started: number[] = [];
  let aborted = 0;
  const work = mapBounded([0, 1, 2, 3, 4], 2, signal, async (item, stop) => {
    started.push(item);
    stop.addEventListener('abort', () => {
      aborted += 1;
    });
    if (item === 1) throw new Error('refused');
    await delay(60_000, stop);
  });
  await expect(work).rejects.toThrow('refused');
  expect(started).toEqual([0, 1]);
  expect(aborted).toBe(2);
});

it('ends with the caller', async () => {
  const controller = new AbortController();
  const work = mapBounded([0, 1], 2, controller.signal, (_, stop) => delay(60_000, stop));
  controller.abort(new Error('over'));
  await expect(work).rejects.toThrow('over');
});
