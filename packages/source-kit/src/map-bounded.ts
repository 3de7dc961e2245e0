import { setMaxListeners } from 'node:events';
import { startDeadline } from './deadline.ts';

/** Maps all items, a few at a time, in their order. With the first that fails all others end, and its error is thrown. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  parent: AbortSignal,
  map: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  using stop = startDeadline(parent);
  // Each question has listeners of its own for the abort.
  setMaxListeners(8 * limit, stop.signal);
  const results = new Array<Result>(items.length);
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    try {
      // The workers share one iterator, so each item is taken once.
      for (const [index, item] of waiting) {
        stop.signal.throwIfAborted();
        results[index] = await map(item, stop.signal);
      }
    } catch (error) {
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  stop.signal.throwIfAborted();
  return results;
}
