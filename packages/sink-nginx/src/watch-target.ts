import { delay, type PluginContext } from '@signalbox/core';
import { findFilesReason, lookAtProcess, type SeenFiles } from '@signalbox/sink-kit';
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
  const seenFiles: SeenFiles = new Map();
  let filesDueMs = performance.now() + filesIntervalMs;
  let pauseMs = processIntervalMs;
  while (!signal.aborted) {
    await delay(pauseMs, signal);
    let reason = await processReason(state, signal);
    if (reason === undefined && performance.now() >= filesDueMs) {
      reason = await findFilesReason(state, seenFiles);
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
  const read = () => readMark(state, signal);
  const sighting = await lookAtProcess(state, { read, isSame: isSameMark }, signal);
  if (sighting !== 'silent') return sighting && 'nginx was changed or restarted by others';
  // A killed process leaves one behind, which keeps the next one from starting, whoever starts it.
  await removeStaleSockets(state.settings);
  return 'nginx does not answer';
}
