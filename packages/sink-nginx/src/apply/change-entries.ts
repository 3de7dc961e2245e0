import { isPipelineError, SinkError } from '@signalbox/core';
import type { Observed } from '../observed/look-at-target.ts';
import type { EntryDiff } from '../plan/entry-diff.ts';
import type { SinkState } from '../sink-state.ts';

export interface EntryChange {
  readonly observed: Observed;
  readonly diff: EntryDiff;
}

/**
 * Changes the dictionary in one batch. nginx answers once every worker would use nothing older.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED when it is not the nginx that was planned for; SINK_APPLY_FAILED, with nothing changed, when it does not fit.
 */
export async function changeEntries(
  state: SinkState,
  { observed, diff }: EntryChange,
  signal: AbortSignal,
): Promise<void> {
  const { hash, generation: base = '' } = observed.mark;
  // Until it is acknowledged, nobody knows what runs.
  state.known = undefined;
  state.revision += 1;
  const generation = `${state.writerId}-${state.revision}`;
  try {
    await state.control.sendBatch({ hash, base, generation, ...diff }, { signal, timeoutMs: 30_000 });
  } catch (error) {
    if (!isPipelineError(error) || error.code !== 'SINK_UNREACHABLE') throw error;
    // The plan did not ask whether it runs; the next one does.
    throw new SinkError('nginx ended or was replaced since it was last seen', {
      code: 'SINK_TARGET_CHANGED',
      cause: error,
      hint: 'nothing to do: a new plan follows',
    });
  }
  const entries = observed.entries as Map<string, string>;
  for (const [key, text] of diff.set) entries.set(key, text);
  for (const key of diff.delete) entries.delete(key);
  state.known = { mark: { hash, generation }, entries };
}
