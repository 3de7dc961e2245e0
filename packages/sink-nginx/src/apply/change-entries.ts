import { SinkError } from '@signalbox/core';
import { sendBatch } from '../control/control-socket.ts';
import type { Observed } from '../observed/look-at-target.ts';
import type { EntryDiff } from '../plan/entry-diff.ts';
import { controlSocketPath } from '../settings.ts';
import type { SinkState } from '../sink-state.ts';

export interface EntryChange {
  readonly observed: Observed;
  readonly diff: EntryDiff;
}

/**
 * Changes the dictionary in one batch. nginx answers once every worker would use nothing older.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED before anything was done; SINK_APPLY_FAILED, with nothing changed, when it does not fit.
 */
export async function changeEntries(
  state: SinkState,
  { observed, diff }: EntryChange,
  signal: AbortSignal,
): Promise<void> {
  const { mark } = observed;
  // Until it is acknowledged, nobody knows what runs.
  state.known = undefined;
  state.revision += 1;
  const generation = `${state.writerId}-${state.revision}`;
  const answer = await sendBatch(
    controlSocketPath(state.settings.runDirectory),
    { base: mark.generation ?? '', generation, set: Object.fromEntries(diff.set), delete: diff.delete },
    { signal, timeoutMs: 30_000 },
  );
  if (answer.generation !== generation || answer.hash !== mark.hash) {
    throw new SinkError('nginx was changed by others between plan and apply', {
      code: 'SINK_TARGET_CHANGED',
      hint: 'nothing to do: a new plan follows',
    });
  }
  const entries = observed.entries as Map<string, string>;
  for (const [key, text] of diff.set) entries.set(key, text);
  for (const key of diff.delete) entries.delete(key);
  state.known = { mark: { hash: mark.hash, generation }, entries };
}
