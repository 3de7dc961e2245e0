export interface MasterOptions {
  readonly signal: AbortSignal;
  /** Default 5000 for reading, 30000 for a reload. */
  readonly timeoutMs?: number;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Reloads since it was started: 0 for the current one. */
  readonly reloads: number;
  readonly uptimeSeconds: number;
  readonly version: string;
}

export interface ProcessTable {
  readonly master: WorkerProcess;
  /** Reloads that failed since the last good one. */
  readonly failedReloads: number;
  /** Undefined while the new one is still starting. */
  readonly worker: WorkerProcess | undefined;
  /** Still finishing their connections. */
  readonly oldWorkers: readonly WorkerProcess[];
}

/** @throws {SinkError} SINK_RELOAD_FAILED when this is no answer to `show proc`. */
export declare function parseProcesses(text: string): ProcessTable;
/** Asks `show proc`. @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED */
export declare function readProcesses(masterSocket: string, options: MasterOptions): Promise<ProcessTable>;
