import { readFile } from 'node:fs/promises';
import { isPipelineError, SinkError } from '@signalbox/core';
import { hashFile, sha256, writeFileAtomically } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import { isSameMark, type ProcessMark } from '../observed/model.ts';
import { toRunning } from '../observed/running.ts';
import type { RuntimeChange } from '../plan/runtime-change.ts';
import { diffRuntime } from '../plan/runtime-diff.ts';
import { editedConfigPath } from '../render/files.ts';
import type { SinkState } from '../sink-state.ts';
import { changeStructure } from './change-structure.ts';
import { runTransaction } from './run-transaction.ts';

export interface ApplyInput {
  readonly desired: Desired;
  readonly hash: string;
  readonly target: Target;
  /** The process as it was planned for; undefined when there is none of ours. */
  readonly mark: ProcessMark | undefined;
  readonly runtime: readonly RuntimeChange[];
  readonly structureMatches: boolean;
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
  // From the first command on it goes to the end, old or new and never between: every step has a time-out of its own.
  const unstoppable = new AbortController().signal;
  await state.lock.ensure();
  const { desired, hash, target } = input;
  if (input.reload || input.staleFiles) await assertSameFile(state, input.configHash);
  if (target.kind === 'running') {
    if (input.runtime.length === 0) await assertSameProcess(state, input.mark, unstoppable);
    if (input.structureMatches && state.running?.hash !== hash) state.running = toRunning(desired, hash);
    try {
      const { observed } = target;
      const { mark = observed.mark } = input;
      await runTransaction(
        state,
        { desired, observed, mark, changes: input.runtime, structureMatches: input.structureMatches },
        unstoppable,
      );
    } catch (error) {
      if (!isPipelineError(error) || error.code !== 'SINK_APPLY_FAILED') throw error;
      state.reloadReason = 'the Runtime API did not take a change';
      // The reload brings what was refused, also when it was refused again.
      if (!input.reload) throw error;
    }
  }
  if (input.reload) await reload(state, input, unstoppable);
  else if (input.staleFiles) await writeFiles(state, input);
  state.touched.clear();
  if (input.complete) state.mapsVersion = desired.structureVersion;
}

async function reload(
  state: SinkState,
  { desired, hash, target, refusal, again }: ApplyInput,
  signal: AbortSignal,
): Promise<void> {
  if (refusal !== undefined) throw refusal;
  const observed = await changeStructure(state, { desired, hash, start: target.kind === 'stopped', again }, signal);
  state.reloadReason = undefined;
  const changes = diffRuntime(state, desired, observed, {
    backends: desired.backends.keys(),
    structureMatches: true,
    maps: true,
  });
  await runTransaction(state, { desired, observed, mark: observed.mark, changes, structureMatches: true }, signal);
}

async function writeFiles(state: SinkState, { desired, hash }: ApplyInput): Promise<void> {
  const { configPath, runDirectory } = state.settings;
  const written = state.follower.written.get(configPath);
  const now = await readIfThere(configPath);
  // What somebody wrote by hand is kept for them.
  if (now !== undefined && written !== undefined && sha256(now) !== written) {
    await writeFileAtomically(editedConfigPath(runDirectory), now);
  }
  state.running = toRunning(desired, hash);
  state.follower.follow(state.running);
  await state.follower.flush(true);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}

async function assertSameFile(state: SinkState, planned: string | undefined): Promise<void> {
  const { configPath } = state.settings;
  const now = await hashFile(configPath);
  if (now === planned || now === state.follower.written.get(configPath)) return;
  throw new SinkError(`the file ${configPath} was changed by others between plan and apply`, {
    code: 'SINK_TARGET_CHANGED',
    hint: 'nothing to do: a new plan follows',
  });
}

async function assertSameProcess(
  state: SinkState,
  planned: ProcessMark | undefined,
  signal: AbortSignal,
): Promise<void> {
  const mark = await state.session.use(signal, async (_, process) => process.mark);
  if (planned !== undefined && isSameMark(mark, planned)) return;
  state.known = undefined;
  throw new SinkError('HAProxy was changed by others between plan and apply', {
    code: 'SINK_TARGET_CHANGED',
    hint: 'nothing to do: a new plan follows',
  });
}
