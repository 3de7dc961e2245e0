import { delay, isPipelineError, SinkError } from '@signalbox/core';
import { readLogFrom, runCommand, sizeOfLog } from '@signalbox/sink-kit';
import { askMaster, isServing, type MasterOptions, type ProcessTable, readProcesses } from './master-socket.ts';
import { systemCodeOf } from './unix-socket.ts';

export interface ReloadResult {
  readonly durationMs: number;
}

export interface MasterReloadOptions extends MasterOptions {
  /** Where the master writes its messages: what it adds during the reload becomes the `output` of the error. */
  readonly logPath?: string;
}

export interface MasterReloadResult extends ReloadResult {
  /** After the reload; `worker` is the new one. */
  readonly processes: ProcessTable;
}

interface FailureDetail {
  readonly output?: string;
  readonly cause?: unknown;
}

const pollMs = 25;
/** Enough for a last look when the time is nearly up. */
const minReadMs = 250;
/** How long a socket that refuses connections may belong to a master that still re-executes itself for another reload. */
const busyMasterMs = 5_000;

/**
 * Reloads, and waits until a new worker serves. Since 3.0 the master answers `Success=`; before, the socket refuses
 * connections for a while and the process table tells. The old worker goes on when this fails.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED (refused, or not seen within the time), SINK_UNREACHABLE (no master), SINK_REFUSED.
 */
export async function reloadThroughMaster(
  masterSocket: string,
  options: MasterReloadOptions,
): Promise<MasterReloadResult> {
  const { signal, timeoutMs = 30_000, logPath } = options;
  const startedAtMs = performance.now();
  const remainingMs = (): number => startedAtMs + timeoutMs - performance.now();
  const logSize = logPath === undefined ? 0 : await sizeOfLog(logPath);
  const fail = async (reason: string, { output, cause }: FailureDetail = {}): Promise<SinkError> => {
    const log = output ?? (logPath === undefined ? undefined : await readLogFrom(logPath, logSize));
    return new SinkError(`reloading HAProxy: ${reason}${firstAlert(log)}`, {
      code: 'SINK_RELOAD_FAILED',
      cause,
      hint: 'the old worker goes on; the log of the master names the cause, e.g. a port that is in use',
      ...(log !== undefined && { output: log }),
    });
  };

  const before = await readWhileBusy(masterSocket, signal, Math.min(busyMasterMs, timeoutMs));
  const answer = await requestReload(masterSocket, signal, remainingMs).catch(async (error: unknown) => {
    if (signal.aborted || !isUnreachable(error)) throw error;
    throw await fail(`the master does not answer within ${timeoutMs} ms`, { cause: error });
  });
  if (answer.startsWith('Success=0')) throw await fail('the master refuses the configuration', { output: answer });

  for (;;) {
    const table = await readWhileBusy(masterSocket, signal, Math.max(minReadMs, remainingMs())).catch(
      async (error: unknown) => {
        if (signal.aborted || !isUnreachable(error)) throw error;
        throw await fail(`the master does not answer within ${timeoutMs} ms`, { cause: error });
      },
    );
    const executed = table.master.pid !== before.master.pid || table.master.reloads > before.master.reloads;
    if (executed && table.failedReloads > 0) throw await fail('the master could not load the configuration');
    const newPid = executed && table.worker?.pid !== before.worker?.pid ? table.worker?.pid : undefined;
    if (newPid !== undefined && (await isServingSoon(masterSocket, newPid, signal))) {
      return { durationMs: performance.now() - startedAtMs, processes: table };
    }
    if (remainingMs() <= 0) throw await fail(`there is no new worker within ${timeoutMs} ms`);
    await delay(pollMs, signal);
  }
}

/** Asks again while the master is busy with a reload that somebody else asked for. */
async function requestReload(masterSocket: string, signal: AbortSignal, remainingMs: () => number): Promise<string> {
  for (;;) {
    try {
      const answer = await askMaster(masterSocket, 'reload', { signal, timeoutMs: Math.max(1, remainingMs()) });
      // 3.2 says so while it still tries to bind for the reload before.
      if (!answer.includes('Another reload is still in progress') || remainingMs() <= 0) return answer;
    } catch (error) {
      if (!isBusy(error) || remainingMs() <= 0) throw error;
    }
    await delay(4 * pollMs, signal);
  }
}

/** Asks until the master answers. */
async function readWhileBusy(masterSocket: string, signal: AbortSignal, timeoutMs: number): Promise<ProcessTable> {
  const endAtMs = performance.now() + timeoutMs;
  for (;;) {
    const remainingMs = Math.max(1, endAtMs - performance.now());
    try {
      return await readProcesses(masterSocket, { signal, timeoutMs: Math.min(5_000, remainingMs) });
    } catch (error) {
      const busy = isBusy(error) || isCutAnswer(error);
      if (!busy || performance.now() >= endAtMs) throw error;
    }
    await delay(pollMs, signal);
  }
}

/** False as well when the master does not answer: the process table is asked again. */
async function isServingSoon(masterSocket: string, workerPid: number, signal: AbortSignal): Promise<boolean> {
  try {
    return await isServing(masterSocket, workerPid, { signal });
  } catch (error) {
    if (signal.aborted || !isUnreachable(error)) throw error;
    return false;
  }
}

function isUnreachable(error: unknown): boolean {
  return isPipelineError(error) && error.code === 'SINK_UNREACHABLE';
}

/**
 * While the master re-executes itself its socket refuses connections, or resets them (seen once in 80 reloads of 2.6): for about 200 ms, and
 * longer with large files. A socket that is not there is another thing.
 */
function isBusy(error: unknown): boolean {
  return isUnreachable(error) && systemCodeOf(error) !== 'ENOENT';
}

/** A master that went down to re-execute itself between accepting and answering. */
function isCutAnswer(error: unknown): boolean {
  return isPipelineError(error) && error.code === 'SINK_RELOAD_FAILED' && (error as SinkError).output === '';
}

function firstAlert(log: string | undefined): string {
  const alert = log?.split('\n').find((line) => line.startsWith('[ALERT]'));
  return alert === undefined ? '' : `: ${alert.replace(/^\[ALERT\]\s*\(\d+\) : /, '')}`;
}

/**
 * Runs the user's reload command, e.g. `['systemctl', 'reload', 'haproxy']`. That it ended well does not prove that
 * HAProxy took the file: confirm by `show info`.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED with the output of the command.
 */
export async function reloadByCommand(argv: readonly string[], options: MasterOptions): Promise<ReloadResult> {
  const { signal, timeoutMs = 30_000 } = options;
  const { durationMs } = await runCommand(argv, {
    signal,
    timeoutMs,
    code: 'SINK_RELOAD_FAILED',
    purpose: 'reloading HAProxy',
  });
  return { durationMs };
}
