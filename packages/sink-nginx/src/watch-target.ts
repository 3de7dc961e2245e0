import { delay, isPipelineError, type PluginContext } from '@signalbox/core';
import { findDrift } from '@signalbox/sink-kit';
import { removeStaleSockets } from './control/stale-sockets.ts';
import { isSameMark, readMark } from './observed/look-at-target.ts';
import type { SinkState } from './sink-state.ts';

const processIntervalMs = 1_000;
const filesIntervalMs = 5_000;
/** A difference that stays is reported less and less often: the runtime retries a failed apply by itself. */
const longestPauseMs = 30_000;

/** Yields when process or files are no longer as they were left. */
export async function* watchTarget(state: SinkState, { signal }: PluginContext): AsyncGenerator<string> {
  // At the start and not with the first change: whoever starts a second Signalbox on this target hears of it at once.
  await state.lock.ensure();
  let filesDueMs = performance.now() + filesIntervalMs;
  let pauseMs = processIntervalMs;
  while (!signal.aborted) {
    await delay(pauseMs, signal);
    let reason = await processReason(state, signal);
    if (reason === undefined && performance.now() >= filesDueMs) {
      reason = await filesReason(state);
      filesDueMs = performance.now() + filesIntervalMs;
    }
    if (reason === undefined && (await state.certificates?.hasChanged()) === true) {
      reason = 'the certificates changed';
    }
    if (reason === undefined) {
      pauseMs = processIntervalMs;
      continue;
    }
    state.lookAgain = true;
    yield reason;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function processReason(state: SinkState, signal: AbortSignal): Promise<string | undefined> {
  const { known } = state;
  // Nothing is known before the first plan and during an apply.
  if (known === undefined) return undefined;
  try {
    const mark = await readMark(state, signal);
    // An apply may have ended while this was read.
    if (state.known !== known || isSameMark(mark, known.mark)) return undefined;
    return 'nginx was changed or restarted by others';
  } catch (error) {
    signal.throwIfAborted();
    if (state.known !== known || !isPipelineError(error)) return undefined;
    // A killed process leaves one behind, which keeps the next one from starting, whoever starts it.
    await removeStaleSockets(state.settings);
    return 'nginx does not answer';
  }
}

async function filesReason(state: SinkState): Promise<string | undefined> {
  const { follower } = state;
  if (follower.error !== undefined) return 'files could not be written';
  if (follower.pending || state.known === undefined) return undefined;
  const [drift] = await findDrift(follower.written);
  return drift === undefined || follower.pending ? undefined : `${drift.path} was changed by others`;
}
