import type { RuntimeConnection } from './runtime-connection.ts';

/** Bits of `srv_admin_state` (management.txt, "show servers state"). */
export const adminStateBits = {
  forcedMaintenance: 0x01,
  inheritedMaintenance: 0x02,
  configuredMaintenance: 0x04,
  forcedDrain: 0x08,
  inheritedDrain: 0x10,
  resolutionMaintenance: 0x20,
  hostnameMaintenance: 0x40,
} as const;

export type OperationalState = 'stopped' | 'starting' | 'running' | 'stopping';

export interface ServerState {
  readonly backend: string;
  readonly server: string;
  /** As HAProxy prints it; `-` becomes `''`. */
  readonly address: string;
  readonly port: number;
  readonly operationalState: OperationalState;
  /** See {@link adminStateBits}. */
  readonly adminState: number;
  /** The weight in force. */
  readonly weight: number;
  /** The weight of the configuration. */
  readonly initialWeight: number;
  readonly secondsSinceLastChange: number;
  /** Flags of `srv_check_state`; 0x04 is "enabled", 0x08 "paused". */
  readonly checkState: number;
  readonly checkResult: number;
  readonly checkHealth: number;
  /** Every column as it came, in the order of the header. */
  readonly columns: readonly string[];
}

export interface ServerStateTable {
  /** Names of the columns, in order. */
  readonly header: readonly string[];
  readonly servers: readonly ServerState[];
}

/** @throws {SinkError} SINK_APPLY_FAILED when this is no server state table, e.g. `Can't find backend.` */
export declare function parseServerStates(text: string): ServerStateTable;
/** Asks `show servers state`, of one backend or of all. */
export declare function readServerStates(connection: RuntimeConnection, backend?: string): Promise<ServerStateTable>;

/** What may differ between the running process and what the next one shall restore. */
export interface ServerStateOverride {
  readonly adminState?: number;
  readonly weight?: number;
  readonly initialWeight?: number;
  readonly operationalState?: OperationalState;
}

/**
 * Writes a state file (format 1) with the rows that `select` keeps. It must keep only servers which exist in the candidate with the same address and port:
 * HAProxy restores the port, not the address, of a row (haproxy#2103). `undefined` leaves the row out, so that the configuration decides.
 */
export declare function formatServerStateFile(
  table: ServerStateTable,
  select: (server: ServerState) => ServerStateOverride | undefined,
): string;
