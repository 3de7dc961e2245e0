import { delay, type PluginContext, type Snapshot } from '@signalbox/core';
import type { ResolvedMesosDnsOptions } from '../options.ts';
import type { Reader } from '../reading.ts';
import type { Memory } from './memory.ts';

export interface WatchParts {
  readonly options: Pick<ResolvedMesosDnsOptions, 'pollIntervalMs'>;
  readonly memory: Memory;
  readonly openReader: (signal: AbortSignal) => Promise<Reader>;
}

/** Records may expire at once, and must not make this a storm. */
const minPollMs = 1_000;

/** Polls, and yields the set once it is known and whenever it changed. */
export async function* watchMesosDns(
  { options, memory, openReader }: WatchParts,
  { signal }: PluginContext,
): AsyncGenerator<Snapshot, void> {
  signal.throwIfAborted();
  await using reader = await openReader(signal);
  for (let isFirst = true; ; ) {
    const reading = await reader.read(signal);
    const changed = reading !== undefined && memory.take(reading);
    // Without news in a new run, what was read in the one before is still the newest.
    if ((changed || isFirst) && memory.snapshot !== undefined) {
      isFirst = false;
      yield memory.snapshot;
    }
    const expiresInMs = Math.max(minPollMs, reading?.expiresInMs ?? Number.POSITIVE_INFINITY);
    // Many instances that were started together should not poll together.
    await delay(Math.min(options.pollIntervalMs, expiresInMs) * (0.9 + 0.2 * Math.random()), signal);
  }
}
