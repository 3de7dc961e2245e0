import { isIP } from 'node:net';
import type { DnsRecord } from './message.ts';
import { normalizeName } from './message.ts';
import { type DnsQueryOptions, queryDns, type ServedAnswer } from './query.ts';

export interface SrvRecord {
  /** Lower case, without a dot at the end. Its addresses are for {@link resolveAddresses}. */
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

interface Resolved {
  /** Whether the server knows the name at all (not `NXDOMAIN`), be it with other records than those that were asked for. */
  readonly isKnownName: boolean;
  /** The shortest of the records; undefined when there are none. */
  readonly ttlSeconds: number | undefined;
}

export interface ResolvedSrv extends Resolved {
  /** Sorted by target and port: servers shuffle them. */
  readonly records: readonly SrvRecord[];
  /** RFC 2782: a record with the target "." says that the service is decidedly not there. */
  readonly saysNone: boolean;
}

export interface ResolvedAddresses extends Resolved {
  /** IPv4 before IPv6, each sorted as text. */
  readonly addresses: readonly string[];
}

/** The types of records that hold addresses. */
export type AddressType = 'A' | 'AAAA';

/**
 * The SRV records of a name; none when there is no such name.
 *
 * @throws {SourceError} when no server can tell.
 */
export async function resolveSrv(name: string, options: DnsQueryOptions): Promise<ResolvedSrv> {
  const answer = await queryDns(name, 'SRV', options);
  const found = recordsOf(answer, name, 'SRV');
  const all = found.map(({ data }) => data as SrvRecord);
  const records = all.flatMap(({ target, port, priority, weight }) =>
    // Port 0 is nowhere.
    target === '.' || port === 0 ? [] : [{ target: normalizeName(target), port, priority, weight }],
  );
  records.sort((left, right) => compare(left.target, right.target) || left.port - right.port);
  return {
    records,
    saysNone: all.some(({ target }) => target === '.') && records.length === 0,
    isKnownName: answer.status !== 'NXDOMAIN',
    ttlSeconds: shortestTtl(found),
  };
}

/**
 * The IPv4 and IPv6 addresses of a name; none when there is no such name. Aliases are followed as far as the answers hold them.
 *
 * @throws {SourceError} when no server can tell.
 */
export async function resolveAddresses(
  name: string,
  options: DnsQueryOptions,
  types: readonly AddressType[] = ['A', 'AAAA'],
): Promise<ResolvedAddresses> {
  const kinds = await Promise.all(
    types.map(async (type) => {
      const answer = await queryDns(name, type, options);
      const found = recordsOf(answer, name, type);
      const addresses = found.map(({ data }) => String(data)).filter((text) => isIP(text) !== 0);
      return {
        addresses: [...new Set(addresses)].sort(compare),
        ttlSeconds: shortestTtl(found),
        status: answer.status,
      };
    }),
  );
  const ttls = kinds.flatMap(({ ttlSeconds }) => ttlSeconds ?? []);
  return {
    addresses: kinds.flatMap(({ addresses }) => addresses),
    isKnownName: kinds.every(({ status }) => status !== 'NXDOMAIN'),
    ttlSeconds: ttls.length === 0 ? undefined : Math.min(...ttls),
  };
}

/** Records of the name itself, or of what it is an alias of. Others, which nobody asked for, are not believed. */
function recordsOf({ answers }: ServedAnswer, name: string, type: string): DnsRecord[] {
  const owners = new Set([normalizeName(name)]);
  const aliases = answers.filter((record) => record.type === 'CNAME').slice(0, maxAliases);
  // Each round follows one alias of the chain, whatever their order.
  for (const _ of aliases) {
    for (const { name: owner, data } of aliases) if (owners.has(owner)) owners.add(normalizeName(String(data)));
  }
  return answers.filter((record) => record.type === type && owners.has(record.name));
}

/** Longer chains are a mistake or an attack. */
const maxAliases = 16;

function shortestTtl(records: readonly DnsRecord[]): number | undefined {
  return records.length === 0 ? undefined : Math.min(...records.map(({ ttlSeconds }) => ttlSeconds));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
