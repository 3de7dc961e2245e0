import { SinkError } from '@signalbox/core';
import type { RuntimeConnection } from './runtime-connection.ts';

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
  const { header, start } = splitTable(text);
  const toServerState = createRowReader(header);
  const lines = text
    .slice(start)
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return { header, servers: lines.map((line) => toServerState(line.split(' '))) };
}

/** One row of the state of the servers, read where it stands: nothing of it is copied before somebody asks. */
export interface ServerStateRow {
  /** Whether this is what stands in the column. `column` is a place in the names that were asked for. */
  is(column: number, value: string): boolean;
  /** `''` where the row ends before the column. Refers to nothing else: a part of a text would keep the whole answer, which has megabytes. */
  text(column: number): string;
  /** NaN when it is no number. */
  number(column: number): number;
}

/**
 * Reads some columns of every row, and lets the others be: at 40,000 servers taking all apart costs three times as much. `visit` gets a row that
 * is another one after it returned.
 *
 * @throws {SinkError} like {@link parseServerStates}.
 */
export function visitServerStates(text: string, names: readonly string[], visit: (row: ServerStateRow) => void): void {
  const { header, start: firstRow } = splitTable(text);
  /** By column of the table, its place in `names`; no further than the last one that is wanted. */
  const places: number[] = [];
  for (const [place, name] of names.entries()) places[indexOfColumn(header, name)] = place;
  // What is read out of bytes is a copy; a part of a text would keep the whole text in memory.
  const bytes = Buffer.from(text.slice(firstRow));
  const starts = names.map(() => 0);
  const ends = names.map(() => 0);
  const row: ServerStateRow = {
    is(column, value) {
      const start = starts[column] ?? 0;
      if ((ends[column] ?? 0) - start !== value.length) return false;
      for (let index = 0; index < value.length; index += 1) {
        if (bytes[start + index] !== value.charCodeAt(index)) return false;
      }
      return true;
    },
    text: (column) => bytes.toString('utf8', starts[column], ends[column]),
    number: (column) => readNumber(bytes, starts[column] ?? 0, ends[column] ?? 0),
  };
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(lineFeed, start);
    const lineEnd = newline === -1 ? bytes.length : newline;
    if (lineEnd > start) {
      for (let column = 0; column < places.length; column += 1) {
        let end = start;
        while (end < lineEnd && bytes[end] !== space) end += 1;
        const place = places[column];
        if (place !== undefined) {
          starts[place] = start;
          ends[place] = end;
        }
        start = Math.min(end + 1, lineEnd);
      }
      visit(row);
    }
    start = lineEnd + 1;
  }
}

const [lineFeed, space, zero] = [0x0a, 0x20, 0x30];

function readNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - zero;
    if (digit < 0 || digit > 9) return Number(bytes.toString('utf8', start, end));
    value = 10 * value + digit;
  }
  return start === end ? Number.NaN : value;
}

function splitTable(text: string): { readonly header: readonly string[]; readonly start: number } {
  const match = /^1\n# ([^\n]*)/.exec(text);
  if (match !== null) return { header: match[1]?.split(' ') ?? [], start: match[0].length + 1 };
  const [line = ''] = text.split('\n', 1);
  throw new SinkError(`reading the state of the servers: HAProxy answers "${line.slice(0, 200)}"`, {
    code: 'SINK_APPLY_FAILED',
  });
}

function indexOfColumn(header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  if (index !== -1) return index;
  throw new SinkError(`reading the state of the servers: there is no column "${name}"`, {
    code: 'SINK_APPLY_FAILED',
    hint: 'This version of HAProxy is not supported',
  });
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
