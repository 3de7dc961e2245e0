import { normalizeName, type RecordTable, type ServiceTarget, sortAddresses } from './record-table.ts';
import { isObject, type JsonObject, ShapeError } from './shape-error.ts';

/** The whole table, as `/v1/axfr` gives it. */
export interface Transfer {
  readonly table: RecordTable;
  /** Unix time of the last reading of a master, in seconds. It grows although nothing changed. */
  readonly serial: number;
  readonly refreshSeconds: number;
}

/** @throws {ShapeError} when it is not the table of a Mesos-DNS. */
export function parseAxfr(value: unknown): Transfer {
  if (!isObject(value) || !isObject(value.Records)) throw new ShapeError('it has no "Records"');
  const { Domain, Serial, RefreshSeconds, Records } = value;
  if (typeof Domain !== 'string' || Domain === '') throw new ShapeError('it has no "Domain"');
  if (typeof Serial !== 'number') throw new ShapeError('it has no "Serial"');
  const addresses = new Map<string, readonly string[]>();
  for (const kind of ['As', 'AAAAs'] as const) {
    for (const [name, texts] of listsOf(Records, kind)) {
      // A raw name with capitals is no name that anybody could ask for.
      if (name !== name.toLowerCase()) continue;
      const key = normalizeName(name);
      addresses.set(key, sortAddresses([...(addresses.get(key) ?? []), ...texts]));
    }
  }
  const services = new Map<string, readonly ServiceTarget[]>();
  for (const [name, texts] of listsOf(Records, 'SRVs')) {
    if (name === name.toLowerCase()) services.set(normalizeName(name), texts.flatMap(parseTarget));
  }
  return {
    table: { domain: normalizeName(Domain), addresses, services },
    serial: Serial,
    refreshSeconds: typeof RefreshSeconds === 'number' && RefreshSeconds > 0 ? RefreshSeconds : 60,
  };
}

/** Reads `web-dgedz-s0.marathon.mesos.:31001`; nothing for what is not of that form. */
export function parseTarget(text: string): readonly ServiceTarget[] {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const target = normalizeName(text.slice(0, Math.max(0, colon)));
  return target !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? [{ target, port }] : [];
}

function listsOf(records: JsonObject, kind: string): (readonly [string, readonly string[]])[] {
  const lists = records[kind];
  // Go prints a map that was never made as null.
  if (lists === null) return [];
  if (!isObject(lists)) throw new ShapeError(`its "Records" have no "${kind}"`);
  return Object.entries(lists).map(([name, texts]) => {
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
      throw new ShapeError(`the record "${name.slice(0, 80)}" is no list of texts`);
    }
    return [name, texts as readonly string[]];
  });
}
