import { readdirSync, readFileSync } from 'node:fs';
import type { MesosState } from '../cluster/mesos-state.ts';

const folder = new URL('../fixtures/', import.meta.url);

/** One recorded HTTP exchange. */
export interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly headers?: Record<string, string> };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly text?: string;
  };
}

/** One recorded answer to a DNS question. */
export interface DnsRecording {
  readonly query: string;
  readonly status: string | null;
  readonly flags: readonly string[] | null;
  readonly sections: Readonly<Record<string, readonly RecordedRecord[]>>;
}

export interface RecordedRecord {
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  readonly data: string;
}

export function readExchanges(variant: string): readonly Exchange[] {
  return readdirSync(new URL(`${variant}/http/`, folder)).map((file) => ({
    name: file.replace('.json', ''),
    ...(readJson(`${variant}/http/${file}`) as Omit<Exchange, 'name'>),
  }));
}

export function readDnsRecordings(variant: string): Readonly<Record<string, DnsRecording>> {
  return readJson(`${variant}/dns.json`) as Record<string, DnsRecording>;
}

export function readState(): MesosState {
  return readJson('master-state.json') as MesosState;
}

/** Lists in the order of their JSON, keys in theirs: the recordings are to be compared as sets. */
export function sortDeeply(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortDeeply).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortDeeply(item)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
}
