import { SinkError } from '@signalbox/core';
import { connectSocket, createTimeoutError, toSocketError } from './unix-socket.ts';

export interface MasterOptions {
  readonly signal: AbortSignal;
  /** Default 5000 for reading, 30000 for a reload. */
  readonly timeoutMs?: number;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Reloads that it lived through; a failed reload counts. */
  readonly reloads: number;
  readonly uptimeSeconds: number;
  readonly version: string;
}

export interface ProcessTable {
  readonly master: WorkerProcess;
  /** Reloads that failed since the last good one. */
  readonly failedReloads: number;
  /** The one that accepts connections; undefined while it is still starting. */
  readonly worker: WorkerProcess | undefined;
  /** Still finishing their connections. */
  readonly oldWorkers: readonly WorkerProcess[];
}

/** @throws {SinkError} SINK_RELOAD_FAILED when this is no answer to `show proc`. */
export function parseProcesses(text: string): ProcessTable {
  let section = '';
  let master: WorkerProcess | undefined;
  let failedReloads = 0;
  const workers: WorkerProcess[] = [];
  const oldWorkers: WorkerProcess[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      section = line.slice(1).trim();
      continue;
    }
    const row = rowPattern.exec(line)?.groups;
    if (row === undefined) continue;
    const process: WorkerProcess = {
      pid: Number(row.pid),
      reloads: Number(row.reloads),
      uptimeSeconds: parseUptime(row.uptime ?? ''),
      version: row.version ?? '',
    };
    if (row.type === 'master') {
      master = process;
      failedReloads = Number(row.failed ?? 0);
    } else if (row.type === 'worker') {
      (section === 'old workers' ? oldWorkers : workers).push(process);
    }
  }
  if (master === undefined) {
    throw new SinkError('reading the process table of HAProxy: the answer to "show proc" names no master', {
      code: 'SINK_RELOAD_FAILED',
      output: text.slice(0, 2_000),
      hint: 'check that the path is that of the master socket ("-S"), not of the stats socket',
    });
  }
  return { master, failedReloads, worker: workers.at(-1), oldWorkers };
}

/** `<PID> <type> <reloads> <uptime> <version>`; the master's reloads are followed by `[failed: N]`. */
const rowPattern =
  /^(?<pid>\d+)\s+(?<type>\w+)\s+(?<reloads>\d+)(?:\s+\[failed: (?<failed>\d+)\])?\s+(?<uptime>\S+)\s+(?<version>\S+)/;

/** e.g. `0d00h02m07s` */
function parseUptime(text: string): number {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** Asks `show proc`. @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED, SINK_RELOAD_FAILED (no master socket). */
export async function readProcesses(masterSocket: string, options: MasterOptions): Promise<ProcessTable> {
  return parseProcesses(await askMaster(masterSocket, 'show proc', options));
}

/**
 * Whether a worker of the table serves already. Since 3.1 the worker reads the configuration itself, and is in the table
 * while it still does: commands for it are refused until it is up ("Can't find the target PID").
 *
 * @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED.
 */
export async function isServing(masterSocket: string, workerPid: number, options: MasterOptions): Promise<boolean> {
  const answer = await askMaster(masterSocket, `@!${workerPid} show info`, options);
  return /^Stopping: 0$/m.test(answer);
}

/**
 * Sends one command to the master and gives its whole answer; `''` when it closed without one, as 2.6 does on `reload`.
 *
 * @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED.
 */
export async function askMaster(masterSocket: string, command: string, options: MasterOptions): Promise<string> {
  const { signal, timeoutMs = 5_000 } = options;
  const socket = await connectSocket(masterSocket, { signal, timeoutMs });
  return new Promise<string>((resolve, reject) => {
    let answer = '';
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (error === undefined) resolve(answer);
      else reject(error);
    };
    const onAbort = (): void => settle(signal.reason);
    const timer = setTimeout(() => settle(createTimeoutError(masterSocket, timeoutMs)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('end', () => settle());
    socket.on('close', () => settle());
    // A master that re-executes itself drops the connection; what it wrote before counts.
    socket.on('error', (error) =>
      settle(answer === '' && !isDrop(error) ? toSocketError(error, 'asking', masterSocket) : undefined),
    );
    if (signal.aborted) return onAbort();
    // Without the half-close the master waits for the next command.
    socket.end(`${command}\n`);
  });
}

function isDrop(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}
