import { isPipelineError, type SinkError } from '@signalbox/core';
import { targetChanged } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import { isSameMark, type ProcessMark } from '../observed/model.ts';
import { toRunning, withRuntimeChanges } from '../observed/running.ts';
import type { RuntimeChange } from '../plan/runtime-change.ts';
import { diffRuntime } from '../plan/runtime-diff.ts';
import { renderFiles } from '../render/config.ts';
import type { SinkState } from '../sink-state.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { changeStructure } from './change-structure.ts';
import { runTransaction, type Transaction } from './run-transaction.ts';

export interface ApplyInput {
  readonly desired: Desired;
  readonly hash: string;
  readonly target: Target;
  /** The process as it was planned for; undefined when there is none of ours. */
  readonly mark: ProcessMark | undefined;
  readonly runtime: readonly RuntimeChange[];
  /** How the process carries it; undefined when there is none of ours. */
  readonly placed: Placed | undefined;
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
 * Runtime changes first: an endpoint that goes is taken out at once, whatever becomes of the reload. Then the structure, then what the new
 * process still lacks.
 */
export async function applyPlan(state: SinkState, input: ApplyInput, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await state.lock.ensure();
  const { desired, target, placed } = input;
  if (input.reload || input.staleFiles) await state.config.assertUnchanged(input.configHash);
  if (target.kind === 'running' && placed !== undefined) {
    if (input.runtime.length === 0) await assertSameProcess(state, input.mark);
    try {
      const { mark = target.observed.mark } = input;
      await changeAtRuntime(state, { ...input, placed, observed: target.observed, mark, changes: input.runtime });
    } catch (error) {
      if (!isPipelineError(error) || error.code !== 'SINK_APPLY_FAILED') throw error;
      // The reload brings what was refused, also when it was refused again.
      if (!input.reload) throw error;
    }
  }
  if (input.reload) await reload(state, input);
  else if (input.staleFiles) await writeFiles(state, input);
  state.touched.clear();
  if (input.complete) state.mapsVersion = desired.structureVersion;
}

/** The transaction, and the files behind it. */
async function changeAtRuntime(
  state: SinkState,
  change: Transaction & { readonly desired: Desired; readonly hash: string },
): Promise<void> {
  const { observed, backends } = await runTransaction(state, change);
  state.running = withRuntimeChanges(state.running, { ...change, observed, backends }, state.settings);
  if (change.changes.length > 0) followFiles(state);
}

async function reload(state: SinkState, { desired, hash, target, placed, refusal, again }: ApplyInput): Promise<void> {
  if (refusal !== undefined) {
    state.refill.end();
    throw refusal;
  }
  const owners = placed?.owners ?? new Map();
  const change = { desired, hash, owners, start: target.kind === 'stopped', again };
  // Once begun it goes to the end, as all of an apply does.
  const observed = await changeStructure(state, change, new AbortController().signal);
  const fresh = state.placer.place(desired, observed, { full: true, touched: [], refused: state.refusals.places });
  const changes = diffRuntime(state, fresh, observed, { backends: fresh.desired.backends.keys(), maps: true });
  await changeAtRuntime(state, { desired, hash, placed: fresh, observed, mark: observed.mark, changes });
}

function followFiles({ running, settings, follower }: SinkState): void {
  if (running !== undefined) follower.follow(() => renderFiles(running.desired, settings, { hash: running.hash }));
}

async function writeFiles(state: SinkState, { desired, hash }: ApplyInput): Promise<void> {
  const running = toRunning(desired, hash);
  state.running = running;
  await state.config.writeStale(() => renderFiles(running.desired, state.settings, { hash }));
}

async function assertSameProcess(state: SinkState, planned: ProcessMark | undefined): Promise<void> {
  const mark = await state.session.use(undefined, async (_, process) => process.mark);
  if (planned !== undefined && isSameMark(mark, planned)) return;
  state.known = undefined;
  throw targetChanged('HAProxy');
}
