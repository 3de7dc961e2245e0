import type { SinkError } from '@signalbox/core';
import { targetChanged } from '@signalbox/sink-kit';
import type { Entries } from '../desired/entries.ts';
import { isSameMark, type RunningTarget, readMark, type Target } from '../observed/look-at-target.ts';
import { diffEntries, type EntryDiff, isEmptyDiff } from '../plan/entry-diff.ts';
import type { Structure } from '../render/config.ts';
import type { SinkState } from '../sink-state.ts';
import { changeEntries } from './change-entries.ts';
import { changeStructure } from './change-structure.ts';

export interface ApplyInput {
  /** Of the desired state that the plan was made for. */
  readonly structureVersion: number;
  readonly structure: Structure;
  /** The files of that structure with these entries. */
  readonly render: (entries: Entries) => ReadonlyMap<string, string>;
  readonly target: Target;
  /** What the dictionary of the running process lacks. */
  readonly diff: EntryDiff;
  /** What a reload brings, when one is needed and may be now. */
  readonly swap: { readonly entries: Entries; readonly files: ReadonlyMap<string, string> } | undefined;
  /** False when a reload is put off: what only it can bring is missing after this. */
  readonly complete: boolean;
  readonly refusal: SinkError | undefined;
  /** The same catalog was planned before: what failed for it may be tried again. */
  readonly again: boolean;
  /** Undefined when the files are what they should be, or follow by themselves. */
  readonly staleFiles: ReadonlyMap<string, string> | undefined;
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
  const { target, swap, structure, render } = input;
  const { staleFiles } = input;
  if (swap !== undefined || staleFiles !== undefined) await state.config.assertUnchanged(input.configHash);
  if (target.kind === 'running') {
    const { observed } = target;
    const diff = swap === undefined ? input.diff : withoutNew(input.diff, observed.entries);
    if (isEmptyDiff(diff)) await assertSameProcess(state, target, unstoppable);
    else {
      await changeEntries(state, { observed, diff }, unstoppable);
      // While a reload is due, the files belong to the structure that still runs.
      if (observed.mark.hash === structure.hash) state.follower.follow(() => render(observed.entries));
    }
  }
  if (swap !== undefined) {
    if (input.refusal !== undefined) throw input.refusal;
    const { hash, ports } = structure;
    const observed = await changeStructure(
      state,
      { ...swap, hash, ports, start: target.kind === 'stopped', again: input.again },
      unstoppable,
    );
    const rest = diffEntries(observed.entries, swap.entries);
    if (observed.mark.generation !== undefined && !isEmptyDiff(rest)) {
      await changeEntries(state, { observed, diff: rest }, unstoppable);
    }
  } else if (staleFiles !== undefined) await state.config.writeStale(() => staleFiles);
  if (input.complete) {
    state.touched.clear();
    state.routesVersion = input.structureVersion;
  }
}

function withoutNew(diff: EntryDiff, before: Entries): EntryDiff {
  return { ...diff, set: new Map([...diff.set].filter(([key]) => before.has(key))) };
}

async function assertSameProcess(state: SinkState, { observed }: RunningTarget, signal: AbortSignal): Promise<void> {
  if (isSameMark(await readMark(state, signal), observed.mark)) return;
  state.known = undefined;
  throw targetChanged('nginx');
}
