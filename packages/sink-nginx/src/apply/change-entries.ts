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
 * @throws {SinkError} SINK_TARGET_CHANGED, SINK_UNREACHABLE or SINK_APPLY_FAILED, with nothing changed.
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
  await state.control.sendBatch({ hash, base, generation, ...diff }, { signal, timeoutMs: 30_000 });
  const entries = observed.entries as Map<string, string>;
  for (const [key, text] of diff.set) entries.set(key, text);
  for (const key of diff.delete) entries.delete(key);
  state.known = { mark: { hash, generation }, entries };
}
