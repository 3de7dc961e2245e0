import type { RuntimeConnection } from './runtime-connection.ts';
import { findHeader, indexOfColumn } from './server-state-rows.ts';

/** Bits of `srv_admin_state` (HAProxy's management.txt, "show servers state"). */
export const adminStateBits = {
  forcedMaintenance: 0x01,
  inheritedMaintenance: 0x02,
  configuredMaintenance: 0x04,
  forcedDrain: 0x08,
  inheritedDrain: 0x10,
  resolutionMaintenance: 0x20,
  hostnameMaintenance: 0x40,
} as const;

/** In the order of the numbers of `srv_op_state`. */
const operationalStates = ['stopped', 'starting', 'running', 'stopping'] as const;

export type OperationalState = (typeof operationalStates)[number];

export interface ServerState {
  readonly backend: string;
  readonly server: string;
  /** As HAProxy prints it, without brackets; `-` when there is none. */
  readonly address: string;
  readonly port: number;
  readonly operationalState: OperationalState;
  /** See {@link adminStateBits}. */
  readonly adminState: number;
  /** The weight in force. */
  readonly weight: number;
  /** The weight of the configuration, or of the `add server` line. */
  readonly initialWeight: number;
  readonly secondsSinceLastChange: number;
  /** Flags: 0x04 enabled, 0x08 paused (HAProxy's management.txt). */
  readonly checkState: number;
  readonly checkResult: number;
  readonly checkHealth: number;
  /** Every column as it came, in the order of the header. */
  readonly columns: readonly string[];
}

export interface ServerStateTable {
  /** Names of the columns, in order; newer versions have more. */
  readonly header: readonly string[];
  readonly servers: readonly ServerState[];
}

/** @throws {SinkError} SINK_APPLY_FAILED when this is no such table, e.g. `Can't find backend.` */
export function parseServerStates(text: string): ServerStateTable {
  const table = findHeader(text, true);
  const header = table?.line.split(' ') ?? [];
  const toServerState = createRowReader(header);
  const lines = text
    .slice(table?.end)
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return { header, servers: lines.map((line) => toServerState(line.split(' '))) };
}

function createRowReader(header: readonly string[]): (columns: readonly string[]) => ServerState {
  const indexOf = (name: string): number => indexOfColumn(header, name);
  const [backend, server, address, port] = ['be_name', 'srv_name', 'srv_addr', 'srv_port'].map(indexOf) as Four;
  const [operational, admin, weight, initialWeight] = stateColumns.map(indexOf) as Four;
  const [sinceChange, checkState, checkResult, checkHealth] = checkColumns.map(indexOf) as Four;
  return (columns) => ({
    backend: columns[backend] ?? '',
    server: columns[server] ?? '',
    address: columns[address] ?? '',
    port: Number(columns[port]),
    operationalState: operationalStates[Number(columns[operational])] ?? 'stopped',
    adminState: Number(columns[admin]),
    weight: Number(columns[weight]),
    initialWeight: Number(columns[initialWeight]),
    secondsSinceLastChange: Number(columns[sinceChange]),
    checkState: Number(columns[checkState]),
    checkResult: Number(columns[checkResult]),
    checkHealth: Number(columns[checkHealth]),
    columns,
  });
}

type Four = [number, number, number, number];
const stateColumns = ['srv_op_state', 'srv_admin_state', 'srv_uweight', 'srv_iweight'];
const checkColumns = ['srv_time_since_last_change', 'srv_check_state', 'srv_check_result', 'srv_check_health'];

/** Of one backend, or of all. Answered by what {@link parseServerStates} takes. */
export function showServerStatesCommand(backend?: string): string {
  return backend === undefined ? 'show servers state' : `show servers state ${backend}`;
}

/** Asks `show servers state`, of one backend or of all: 0.2 ms for one, 0.1 s for 40,000 servers. */
export async function readServerStates(connection: RuntimeConnection, backend?: string): Promise<ServerStateTable> {
  const [reply = ''] = await connection.send([showServerStatesCommand(backend)]);
  return parseServerStates(reply);
}

/** What may differ between the running process and what the next one shall restore. */
export interface ServerStateOverride {
  /** HAProxy finds a row by the names of backend and server. */
  readonly backend?: string;
  readonly operationalState?: OperationalState;
  readonly adminState?: number;
  readonly weight?: number;
  readonly initialWeight?: number;
}

/**
 * Writes a state file (format 1) with the rows that `select` keeps. It must keep only servers which exist in the
 * candidate with the same address and port: HAProxy restores the port of a row, not its address (haproxy#2103).
 * `undefined` leaves the row out, so that the configuration decides; `{}` keeps it as it is. The weight of a row counts
 * only while its initial weight is that of the candidate.
 */
export function formatServerStateFile(
  table: ServerStateTable,
  select: (server: ServerState) => ServerStateOverride | undefined,
): string {
  const lines = ['1', `# ${table.header.join(' ')}`];
  for (const server of table.servers) {
    const override = select(server);
    if (override === undefined) continue;
    const values: Readonly<Record<string, number | string | undefined>> = {
      be_name: override.backend,
      srv_op_state:
        override.operationalState === undefined ? undefined : operationalStates.indexOf(override.operationalState),
      srv_admin_state: override.adminState,
      srv_uweight: override.weight,
      srv_iweight: override.initialWeight,
    };
    lines.push(server.columns.map((column, index) => values[table.header[index] ?? ''] ?? column).join(' '));
  }
  return `${lines.join('\n')}\n`;
}
