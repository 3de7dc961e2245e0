import { SinkError } from '@signalbox/core';
import type { Entries } from '../desired/entries.ts';
import type { Desired } from '../desired/model.ts';
import { isSameMark, readMark, type Target } from '../observed/look-at-target.ts';
import { diffEntries, type EntryDiff, isEmptyDiff } from '../plan/entry-diff.ts';
import type { Structure } from '../render/config.ts';
import type { SinkState } from '../sink-state.ts';
import { changeEntries } from './change-entries.ts';
import { changeStructure } from './change-structure.ts';

export interface ApplyInput {
  readonly desired: Desired;
  readonly structure: Structure;
  readonly entries: Entries;
  readonly files: ReadonlyMap<string, string>;
  readonly target: Target;
  /** What the dictionary of the running process lacks. */
  readonly diff: EntryDiff;
  readonly reload: boolean;
  /** False when a reload is put off: what only it can bring is missing after this. */
  readonly complete: boolean;
  readonly refusal: SinkError | undefined;
  /** The same catalog was planned before: what failed for it may be tried again. */
  readonly again: boolean;
  readonly staleFiles: boolean;
  /** Of the configuration as it was planned for; undefined when there was none or no file is written. */
  readonly configHash: string | undefined;
}

/**
 * The dictionary first: an endpoint that goes is taken out at once, whatever becomes of the reload. Then the structure, then what is new, so that
 * nothing of it is there when the reload fails.
 */
export async function applyPlan(state: SinkState, input: ApplyInput, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // From the first step on it goes to the end, old or new and never between: every step has a time-out of its own.
  const unstoppable = new AbortController().signal;
  await state.lock.ensure();
  const { target, files, entries, structure } = input;
  if (input.reload || input.staleFiles) await state.config.assertUnchanged(input.configHash);
  if (target.kind === 'running') {
    const diff = input.reload ? withoutNew(input.diff, target.observed.entries) : input.diff;
    if (isEmptyDiff(diff)) await assertSameProcess(state, target, unstoppable);
    else {
      await changeEntries(state, { observed: target.observed, diff }, unstoppable);
      // While a reload is due, the files belong to the structure that still runs.
      if (target.observed.mark.hash === structure.hash) state.follower.follow(() => files);
    }
  }
  if (input.reload) {
    if (input.refusal !== undefined) throw input.refusal;
    const { hash, ports } = structure;
    const observed = await changeStructure(
      state,
      { files, hash, ports, entries, start: target.kind === 'stopped', again: input.again },
      unstoppable,
    );
    const rest = diffEntries(observed.entries, entries);
    if (observed.mark.generation !== undefined && !isEmptyDiff(rest)) {
      await changeEntries(state, { observed, diff: rest }, unstoppable);
    }
  } else if (input.staleFiles) await state.config.writeStale(() => files);
  if (input.complete) {
    state.touched.clear();
    state.routesVersion = input.desired.structureVersion;
  }
}

function withoutNew(diff: EntryDiff, before: Entries): EntryDiff {
  return { ...diff, set: new Map([...diff.set].filter(([key]) => before.has(key))) };
}

async function assertSameProcess(
  state: SinkState,
  { observed }: Target & { readonly kind: 'running' },
  signal: AbortSignal,
): Promise<void> {
  if (isSameMark(await readMark(state, signal), observed.mark)) return;
  state.known = undefined;
  throw new SinkError('nginx was changed by others between plan and apply', {
    code: 'SINK_TARGET_CHANGED',
    hint: 'nothing to do: a new plan follows',
  });
}
