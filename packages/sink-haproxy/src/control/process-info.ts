import type { RuntimeConnection } from './runtime-connection.ts';

export interface ProcessInfo {
  readonly pid: number;
  /** e.g. `2.6.12-1+deb12u4`. */
  readonly version: string;
  /** True for an old worker that only finishes its connections. */
  readonly stopping: boolean;
  /** The `description` of the configuration in force. */
  readonly description: string | undefined;
  readonly uptimeSeconds: number;
  readonly currentConnections: number;
  readonly maxConnections: number;
  readonly cumulativeRequests: number;
  /** Listeners that still accept; 0 when stopping. */
  readonly listeners: number;
  /** Every field as it came, by its name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** @throws {SinkError} SINK_APPLY_FAILED when this is no answer to `show info`. */
export declare function parseProcessInfo(text: string): ProcessInfo;
/** Asks `show info`. */
export declare function readProcessInfo(connection: RuntimeConnection): Promise<ProcessInfo>;
