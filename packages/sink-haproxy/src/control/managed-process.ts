import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { delay, isPipelineError, SinkError } from '@signalbox/core';
import { isProcessAlive, readLogFrom, rotateLog, sizeOfLog, writeFileAtomically } from '@signalbox/sink-kit';
import { isServing, type MasterOptions, type ProcessTable, readProcesses } from './master-socket.ts';
import { findMasterPid, forgetMasterPid } from './pid-file.ts';
import { assertBindableSocketPath } from './socket-path.ts';
import { spawnDetached } from './spawn-detached.ts';

export interface ManagedProcessOptions {
  /** The program. Default `haproxy`. */
  readonly program?: string;
  readonly configPath: string;
  /** For the pid file and the log; created (mode 0o700) when missing. */
  readonly runDirectory: string;
  /** Default `<runDirectory>/master.sock`. */
  readonly masterSocketPath?: string;
}

export interface StartOptions {
  readonly signal: AbortSignal;
  /** Until the first worker serves. Default 30000. */
  readonly timeoutMs?: number;
}

export interface StopOptions {
  readonly signal: AbortSignal;
  /** Between SIGTERM and SIGKILL. Default 10000. */
  readonly graceMs?: number;
}

export interface RunningProcess {
  /** True when it ran already. */
  readonly adopted: boolean;
  readonly processes: ProcessTable;
}

/** A HAProxy in master-worker mode that we start, and that outlives us. */
export interface ManagedProcess {
  readonly masterSocketPath: string;
  readonly logPath: string;
  readonly pidPath: string;
  /**
   * Adopts the one that runs, else starts one. Aborting leaves a process that is starting to itself; the next call adopts it.
   *
   * @throws {SinkError} SINK_RELOAD_FAILED, with its log, when it does not come up.
   */
  ensureRunning(options: StartOptions): Promise<RunningProcess>;
  /** The process table, or undefined when nobody answers on the master socket: dead, or just re-executing itself. */
  inspect(signal: AbortSignal): Promise<ProcessTable | undefined>;
  /**
   * Ends master and workers, and with them all connections; true when there was one. Only when the user asks: our own
   * end never touches the traffic.
   */
  stop(options: StopOptions): Promise<boolean>;
}

const pollMs = 25;
/** A healthy master answers within milliseconds. */
const maxAnswerMs = 5_000;
const minAnswerMs = 100;
/** Killed processes are gone at once, unless the kernel holds them. */
const killMs = 5_000;

/** @throws {ConfigError} CONFIG_INVALID when the path of the master socket is too long. */
export function createManagedProcess(options: ManagedProcessOptions): ManagedProcess {
  const { program = 'haproxy', configPath, runDirectory } = options;
  const masterSocketPath = options.masterSocketPath ?? join(runDirectory, 'master.sock');
  const logPath = join(runDirectory, 'haproxy.log');
  const pidPath = join(runDirectory, 'haproxy.pid');
  assertBindableSocketPath(masterSocketPath);

  async function askWithin<Answer>(
    timeoutMs: number,
    signal: AbortSignal,
    ask: (options: MasterOptions) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await ask({ signal, timeoutMs: Math.min(maxAnswerMs, Math.max(minAnswerMs, timeoutMs)) });
    } catch (error) {
      signal.throwIfAborted();
      if (isPipelineError(error) && error.code === 'SINK_REFUSED') throw error;
      return undefined;
    }
  }

  const inspectWithin = (timeoutMs: number, signal: AbortSignal): Promise<ProcessTable | undefined> =>
    askWithin(timeoutMs, signal, (options) => readProcesses(masterSocketPath, options));

  /** Undefined when nobody answers, or no worker serves yet. */
  async function inspectServing(timeoutMs: number, signal: AbortSignal): Promise<ProcessTable | undefined> {
    const table = await inspectWithin(timeoutMs, signal);
    const workerPid = table?.worker?.pid;
    if (workerPid === undefined) return undefined;
    const serving = await askWithin(timeoutMs, signal, (options) => isServing(masterSocketPath, workerPid, options));
    return serving === true ? table : undefined;
  }

  /** Undefined when the process ended or the time is up. */
  async function waitForWorker(pid: number, endAtMs: number, signal: AbortSignal): Promise<ProcessTable | undefined> {
    for (;;) {
      const table = await inspectServing(endAtMs - performance.now(), signal);
      if (table !== undefined) return table;
      if (!isProcessAlive(pid) || performance.now() > endAtMs) return undefined;
      await delay(pollMs, signal);
    }
  }

  async function ensureRunning({ signal, timeoutMs = 30_000 }: StartOptions): Promise<RunningProcess> {
    const endAtMs = performance.now() + timeoutMs;
    const master = await inspectWithin(timeoutMs, signal);
    // Without an answer it may be starting, or re-executing itself for a reload.
    const runningPid = master?.master.pid ?? (await findMasterPid(pidPath, masterSocketPath));
    if (runningPid !== undefined) {
      const processes = await waitForWorker(runningPid, endAtMs, signal);
      if (processes !== undefined) return { adopted: true, processes };
      if (isProcessAlive(runningPid)) {
        throw new SinkError(`adopting HAProxy: the master (pid ${runningPid}) has no worker within ${timeoutMs} ms`, {
          code: 'SINK_RELOAD_FAILED',
          output: await readLogFrom(logPath, 0),
          hint: `see "${logPath}"; end the process if it hangs`,
        });
      }
    }
    await mkdir(runDirectory, { recursive: true, mode: 0o700 });
    await rotateLog(logPath);
    const logSize = await sizeOfLog(logPath);
    const masterArguments = ['-W', '-S', `${masterSocketPath},mode,600`, '-f', configPath];
    const pid = await spawnDetached(program, masterArguments, logPath);
    await writeFileAtomically(pidPath, `${pid}\n`, { mode: 0o600 });
    const processes = await waitForWorker(pid, endAtMs, signal);
    if (processes !== undefined) return { adopted: false, processes };
    const ended = !isProcessAlive(pid);
    // With its workers: it leads their process group.
    if (!ended) signalProcess(-pid, 'SIGKILL');
    throw new SinkError(
      `starting HAProxy: it ${ended ? 'ended at once' : `did not serve within ${timeoutMs} ms and was killed`}`,
      {
        code: 'SINK_RELOAD_FAILED',
        output: await readLogFrom(logPath, logSize),
        hint: `see "${logPath}": the configuration, rights, or a port that is in use`,
      },
    );
  }

  async function stop({ signal, graceMs = 10_000 }: StopOptions): Promise<boolean> {
    const table = await inspectWithin(graceMs, signal);
    const masterPid = table?.master.pid ?? (await findMasterPid(pidPath, masterSocketPath));
    if (masterPid === undefined) return false;
    signalProcess(masterPid, 'SIGTERM');
    const workers = [table?.worker, ...(table?.oldWorkers ?? [])].flatMap((worker) => worker?.pid ?? []);
    // The master first: it must not start anything again.
    const pids = [masterPid, ...workers];
    if (!(await waitForEnd(pids, graceMs, signal))) {
      for (const pid of pids.filter(isProcessAlive)) signalProcess(pid, 'SIGKILL');
      // Workers that a silent master could not name; it leads their process group.
      signalProcess(-masterPid, 'SIGKILL');
      if (!(await waitForEnd(pids, killMs, signal))) {
        throw new SinkError(`stopping HAProxy: process ${pids.find(isProcessAlive)} does not end`, {
          code: 'SINK_APPLY_FAILED',
          hint: 'the system holds it, e.g. on a device that does not answer',
        });
      }
    }
    await forgetMasterPid(pidPath);
    return true;
  }

  return {
    masterSocketPath,
    logPath,
    pidPath,
    ensureRunning,
    inspect: (signal) => inspectWithin(maxAnswerMs, signal),
    stop,
  };
}

async function waitForEnd(pids: readonly number[], timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const endAtMs = performance.now() + timeoutMs;
  while (pids.some(isProcessAlive)) {
    if (performance.now() > endAtMs) return false;
    await delay(pollMs, signal);
  }
  return true;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
