import { isIPv4, isIPv6 } from 'node:net';

/** A set of records, wherever they came from. All names are in lower case, without a dot at the end. */
export interface RecordTable {
  /** The domain of Mesos-DNS, for example `mesos`. */
  readonly domain: string;
  /** IPv4 before IPv6 before host names, each sorted: Mesos-DNS gives them in random order. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly services: ReadonlyMap<string, readonly ServiceTarget[]>;
}

/** One SRV record. */
export interface ServiceTarget {
  readonly target: string;
  readonly port: number;
}

export function addressesOf(table: RecordTable, name: string): readonly string[] {
  return table.addresses.get(`${name}.${table.domain}`) ?? [];
}

/** Texts that are neither an address nor a host name are dropped: nothing can be reached there. */
export function sortAddresses(texts: Iterable<string>): readonly string[] {
  const usable = [...new Set(texts)].filter((text) => isIPv4(text) || isIPv6(text) || isHostName(text));
  return usable.sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
}

export function normalizeName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

/** Of an agent whose host name Mesos-DNS could not resolve it gives that name in an A record (its issue 509). */
function isHostName(text: string): boolean {
  return text.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*$/i.test(text) && !/^[\d.]+$/.test(text);
}

function rank(address: string): number {
  return isIPv4(address) ? 0 : isIPv6(address) ? 1 : 2;
}
