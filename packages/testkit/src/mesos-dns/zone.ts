import type { RecordTable } from './records/record-table.ts';

/** What both servers answer from. */
export interface Zone {
  readonly table: RecordTable;
  /** Unix time of the last reading of the master's state, in seconds. */
  readonly serial: number;
  /** Without a dot at the end. */
  readonly domain: string;
  readonly ttlSeconds: number;
  readonly refreshSeconds: number;
  /** Whether `/v1/enumerate` and `/v1/axfr` are served. */
  readonly enumeration: { readonly enumerate: boolean; readonly axfr: boolean };
}
