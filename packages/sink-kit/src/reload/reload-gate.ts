export interface ReloadGateOptions {
  /** Least time from the end of one reload to the start of the next. Default 2000. */
  readonly minIntervalMs?: number;
  /** The interval is at least this many times the duration of the last reload. Default 5. */
  readonly durationFactor?: number;
  /** Random share added to the interval, 0 to 1, so that many hosts do not reload together. Default 0.1. */
  readonly jitter?: number;
  /** Milliseconds of a clock that never goes back. Injected by tests. */
  readonly now?: () => number;
  readonly random?: () => number;
  readonly sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** What has to happen in a reload. The signal is aborted when nobody waits for it any more. */
export type Reload = (signal: AbortSignal) => Promise<void>;

export interface ReloadGate {
  /**
   * Runs the reload as soon as the interval allows, never two at once. Calls that wait at the same time share one
   * reload: the newest function runs, once, and all get its outcome. Aborting takes only this caller out.
   */
  run(reload: Reload, signal: AbortSignal): Promise<void>;
  /** Milliseconds until a reload could start; 0 when at once, also while one runs. */
  readonly waitMs: number;
}

export declare function createReloadGate(options?: ReloadGateOptions): ReloadGate;
