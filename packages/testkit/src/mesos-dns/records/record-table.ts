import { isIPv6 } from 'node:net';

export type RecordType = 'A' | 'AAAA' | 'SRV';

/** What `/v1/enumerate` lists of one task. */
export interface EnumeratedTask {
  readonly name: string;
  readonly id: string;
  readonly records: { readonly name: string; readonly host: string; readonly rtype: RecordType }[];
}

export interface EnumeratedFramework {
  readonly name: string;
  readonly tasks: EnumeratedTask[];
}

/** The records that one reading of the master's state gives. Names end in a dot; SRV values are `target.:port`. */
export class RecordTable {
  readonly records: Readonly<Record<RecordType, Map<string, Set<string>>>> = {
    A: new Map(),
    AAAA: new Map(),
    SRV: new Map(),
  };
  readonly frameworks: EnumeratedFramework[] = [];

  /** @param task - the first task that makes a record is the one that it is listed under */
  add(rtype: RecordType, name: string, host: string, task?: EnumeratedTask): void {
    const values = this.records[rtype].get(name) ?? new Set();
    if (values.has(host)) return;
    this.records[rtype].set(name, values.add(host));
    task?.records.push({ name, host, rtype });
  }

  addAddress(name: string, address: string, task?: EnumeratedTask): void {
    this.add(isIPv6(address) ? 'AAAA' : 'A', name, address, task);
  }

  valuesOf(rtype: RecordType, name: string): readonly string[] {
    return [...(this.records[rtype].get(name) ?? [])];
  }

  has(name: string): boolean {
    return Object.values(this.records).some((records) => records.has(name));
  }
}
