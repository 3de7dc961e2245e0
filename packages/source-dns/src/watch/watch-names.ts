import { setMaxListeners } from 'node:events';
import {
  Cell,
  delay,
  isEqualData,
  isPipelineError,
  type PluginContext,
  type Snapshot,
  type SourceError,
} from '@signalbox/core';
import { startDeadline } from '@signalbox/source-kit';
import type { NameAnswer } from '../names/read-name.ts';
import type { ResolvedDnsName, ResolvedDnsOptions } from '../options.ts';
import type { NameMemory } from './name-memory.ts';

export interface WatchParts {
  readonly options: Pick<ResolvedDnsOptions, 'names' | 'minPollIntervalMs' | 'maxPollIntervalMs'>;
  readonly memory: NameMemory;
  readonly read: (name: ResolvedDnsName, signal: AbortSignal) => Promise<NameAnswer>;
}

/** After a failure, and after an answer without records, which has no TTL. */
const retryMs = 5_000;

/** Each name is asked for at its own pace, so that one whose servers are silent does not hold up the others. */
export async function* watchNames(parts: WatchParts, { id, signal }: PluginContext): AsyncGenerator<Snapshot, void> {
  signal.throwIfAborted();
  using stop = startDeadline(signal);
  // Every name waits, and has its questions.
  setMaxListeners(0, stop.signal);
  const asked = new Cell<ReadonlySet<ResolvedDnsName>>();
  const loops = parts.options.names.map(async (name) => {
    try {
      for await (const _ of askAgain(name, parts, stop.signal)) asked.set(new Set(asked.value).add(name));
    } catch (error) {
      stop.abort(error);
    }
  });
  try {
    let before: Snapshot | undefined;
    for (;;) {
      const { version } = asked;
      if (asked.value?.size === parts.options.names.length) {
        const snapshot = parts.memory.snapshot(id);
        if (before === undefined || !isEqualData(snapshot, before)) yield snapshot;
        before = snapshot;
      }
      await asked.changedSince(version, stop.signal);
    }
  } finally {
    stop.abort();
    await Promise.all(loops);
  }
}

/** Yields after every answer, and every failure, has gone into the memory. */
async function* askAgain(
  name: ResolvedDnsName,
  { options, memory, read }: WatchParts,
  signal: AbortSignal,
): AsyncGenerator<void> {
  for (;;) {
    let expiresInMs: number | undefined;
    try {
      const answer = await read(name, signal);
      expiresInMs = answer.expiresInMs;
      memory.take(name, answer);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPipelineError(error)) throw error;
      memory.fail(name, error as SourceError);
    }
    yield;
    const { minPollIntervalMs, maxPollIntervalMs } = options;
    const pauseMs = Math.min(maxPollIntervalMs, Math.max(minPollIntervalMs, expiresInMs ?? retryMs));
    // Later rather than sooner: a server that keeps the answer would only say the same. Many instances should not ask together.
    await delay(pauseMs * (1 + 0.1 * Math.random()), signal);
  }
}
