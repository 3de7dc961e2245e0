import type { MasterOptions, ProcessTable } from './master-socket.ts';

export interface ReloadResult {
  readonly durationMs: number;
}

export interface MasterReloadResult extends ReloadResult {
  /** After the reload; `worker` is the new one. */
  readonly processes: ProcessTable;
}

/**
 * Reloads and waits until a new worker serves. On 3.0 and later the master answers `Success=`; before, the socket refuses connections for a while and the process table tells.
 * The old worker goes on when this fails.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED (refused, or not seen within the time), SINK_UNREACHABLE (no master), SINK_REFUSED.
 */
export declare function reloadThroughMaster(masterSocket: string, options: MasterOptions): Promise<MasterReloadResult>;

/** Runs the user's reload command, e.g. `['systemctl', 'reload', 'haproxy']`. That it ended well does not prove that HAProxy took the file: confirm by `show info`. */
export declare function reloadByCommand(argv: readonly string[], options: MasterOptions): Promise<ReloadResult>;
