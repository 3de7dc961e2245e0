import type { ProcessTable } from './master-socket.ts';

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
  /** Adopts the one that runs, else starts one. @throws {SinkError} SINK_RELOAD_FAILED with its log when it does not come up. */
  ensureRunning(options: StartOptions): Promise<RunningProcess>;
  /** The process table, or undefined when nobody answers on the master socket. */
  inspect(signal: AbortSignal): Promise<ProcessTable | undefined>;
  /** Ends master and workers; true when there was one. Only when the user asks: our own end never touches the traffic. */
  stop(options: StopOptions): Promise<boolean>;
}

export declare function createManagedProcess(options: ManagedProcessOptions): ManagedProcess;
