import { delay, type PluginContext } from '@signalbox/core';
import { findFilesReason, lookAtProcess, type SeenFiles } from '@signalbox/sink-kit';
import { isSameMark } from './observed/model.ts';
import type { SinkState } from './sink-state.ts';

const certificatesIntervalMs = 1_000;
/** For the plan of a step that was announced. */
const stepIntervalMs = 1_000;
/** Whoever restarts HAProxy needs a moment between its end and its start, and that is no reason for an error. */
const restartMs = 250;
/** Between two steps of retiring servers, so that those that went together are changed together. */
const shortestPauseMs = 100;
/** A difference that stays is reported less and less often: the runtime retries a failed apply by itself. */
const longestPauseMs = 30_000;

/**
 * Changes put the resync off, and under steady change it never comes: then everything is looked at after this long all the same. Longer than the
 * usual resync, which is left to do it otherwise.
 */
const fullLookIntervalMs = 120_000;

/** Yields when process or files are no longer as they were left, when a retiring server is due for its next step, and when spares are to be refilled. */
export async function* watchTarget(state: SinkState, { signal }: PluginContext): AsyncGenerator<string> {
  // At the start and not with the first change: whoever starts a second Signalbox on this target hears of it at once.
  await state.lock.ensure();
  const seenFiles: SeenFiles = new Map();
  const { lookIntervalMs } = state.settings;
  const intervalMs =
    state.certificates === undefined ? lookIntervalMs : Math.min(lookIntervalMs, certificatesIntervalMs);
  let lookDueMs = performance.now() + lookIntervalMs;
  let pauseMs = intervalMs;
  /** The plan that takes the step is on its way. */
  let stepAnnounced = false;
  while (!signal.aborted) {
    const refillMs = state.refill.waitMs ?? Number.POSITIVE_INFINITY;
    const stepMs = stepAnnounced ? stepIntervalMs : (state.retirement.waitMs ?? Number.POSITIVE_INFINITY);
    // A timer cuts fractions off, and would wake just before the step is due.
    const longestMs = Math.max(shortestPauseMs, Math.ceil(Math.min(pauseMs, stepMs, refillMs)));
    if (await state.session.pause(longestMs, signal)) {
      await delay(restartMs, signal);
      lookDueMs = 0;
    }
    stepAnnounced = !stepAnnounced && state.retirement.dueBackends().size > 0;
    if (stepAnnounced) {
      state.stepDue = true;
      yield 'a retiring server is due';
      continue;
    }
    if (state.refill.waitMs === 0) {
      state.refill.begin();
      yield 'few spare backends are left';
      continue;
    }
    let reason: string | undefined;
    if (performance.now() >= lookDueMs) {
      reason =
        (await processReason(state, signal)) ?? fullLookReason(state) ?? (await findFilesReason(state, seenFiles));
      lookDueMs = performance.now() + lookIntervalMs;
    }
    if (reason === undefined && (await state.certificates?.store.hasChanged()) === true) {
      reason = 'the certificates changed';
    }
    if (reason === undefined && (await state.clientAuthorities?.hasChanged()) === true) {
      reason = 'the authorities of clients changed';
    }
    if (reason === undefined) {
      pauseMs = intervalMs;
      continue;
    }
    state.lookAgain = true;
    yield reason;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function processReason(state: SinkState, signal: AbortSignal): Promise<string | undefined> {
  const read = () => state.session.use(signal, async (_, { mark }) => mark);
  const sighting = await lookAtProcess(state, { read, isSame: isSameMark }, signal);
  if (sighting === undefined) return undefined;
  return sighting === 'silent' ? 'HAProxy does not answer' : 'HAProxy was changed or reloaded by others';
}

function fullLookReason({ known }: SinkState): string | undefined {
  if (known === undefined || performance.now() - known.readAtMs < fullLookIntervalMs) return undefined;
  return 'not everything was looked at for two minutes';
}
