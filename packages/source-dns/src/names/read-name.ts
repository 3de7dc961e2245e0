import { isIP } from 'node:net';
import { type Endpoint, formatAddress, SourceError } from '@signalbox/core';
import { mapBounded } from '@signalbox/source-kit';
import {
  type AddressCache,
  type DnsQueryOptions,
  type DnsServer,
  formatDnsServer,
  type ResolvedAddresses,
  resolveAddresses,
  resolveSrv,
} from '@signalbox/source-kit/dns';
import { isHostname } from '@signalbox/source-kit/documents';
import type { ResolvedDnsName } from '../options.ts';
import { shareOf } from './shares.ts';

/** What one server says of one name. */
export interface NameAnswer {
  /** In the order of their ids. */
  readonly endpoints: readonly Endpoint[];
  /** When the first of its records expires; undefined when there are none. */
  readonly expiresInMs: number | undefined;
  /** What was left out. */
  readonly warnings: readonly string[];
}

export interface ReadNameOptions {
  readonly server: DnsServer;
  readonly cache: AddressCache;
  readonly query: Omit<DnsQueryOptions, 'servers'>;
}

/** Questions for addresses of one answer that are asked at the same time. */
const maxQuestions = 8;

/** @throws {SourceError} when the server cannot tell: no such name, or no records where that says nothing. */
export async function readName(name: ResolvedDnsName, options: ReadNameOptions): Promise<NameAnswer> {
  return name.type === 'SRV' ? await readSrv(name, options) : await readAddresses(name, options);
}

async function readAddresses(
  { name, type, endpointPort = 0, allowEmpty }: ResolvedDnsName,
  { server, query }: ReadNameOptions,
): Promise<NameAnswer> {
  const types = [type === 'AAAA' ? 'AAAA' : 'A'] as const;
  const resolved = await resolveAddresses(name, { ...query, servers: [server] }, types);
  const addresses = usable(resolved);
  if (addresses.length === 0 && !(allowEmpty && resolved.isKnownName)) {
    throw nothing(`${type} ${name}`, server, resolved.isKnownName);
  }
  const endpoints = addresses.map((address) => toEndpoint(address, endpointPort));
  return { endpoints: inOrder(endpoints), expiresInMs: inMilliseconds(resolved.ttlSeconds), warnings: [] };
}

async function readSrv({ name, allowEmpty }: ResolvedDnsName, options: ReadNameOptions): Promise<NameAnswer> {
  const { server, query } = options;
  const { records, isKnownName, saysNone, ttlSeconds } = await resolveSrv(name, { ...query, servers: [server] });
  if (records.length === 0 && !saysNone && !(allowEmpty && isKnownName)) {
    throw nothing(`SRV ${name}`, server, isKnownName);
  }
  const targets = [...new Set(records.map(({ target }) => target))];
  const found = await mapBounded(targets, maxQuestions, query.signal, async (target, signal) => {
    return [target, await addressesOf(target, { ...options, query: { ...query, signal } })] as const;
  });
  const addresses = new Map(found);
  // The lowest priority first: of two records that lead to the same place it counts.
  const sorted = records.toSorted((left, right) => left.priority - right.priority || right.weight - left.weight);
  const endpoints = sorted.flatMap((record) => {
    const more = { ...shareOf(record, records), metadata: { target: record.target } };
    return (addresses.get(record.target) ?? []).map((address) => toEndpoint(address, record.port, more));
  });
  if (endpoints.length === 0 && records.length > 0) {
    throw answerError(`SRV ${name}`, server, 'none of its targets has an address');
  }
  const expiries = targets.flatMap((target) => options.cache.remainingMs(target) ?? []);
  const expiresInMs = Math.min(inMilliseconds(ttlSeconds) ?? Number.POSITIVE_INFINITY, ...expiries);
  return {
    endpoints: inOrder(endpoints),
    expiresInMs: Number.isFinite(expiresInMs) ? expiresInMs : undefined,
    warnings: found.flatMap(([target, known]) =>
      known.length > 0 ? [] : [`${name}: its target ${showTarget(target)} has no address, and is left out`],
    ),
  };
}

/** IPv4, or IPv6 where there is none: a host with both is one host. Some servers write an address where a name has to be. */
async function addressesOf(target: string, { server, cache, query }: ReadNameOptions): Promise<readonly string[]> {
  if (isIP(target) !== 0) return usable({ addresses: [target] });
  if (!isHostname(target)) return [];
  const ask = { ...query, servers: [server] };
  return await cache.addresses(target, async () => {
    const ipv4 = await resolveAddresses(target, ask, ['A']);
    const known = usable(ipv4).length > 0 ? ipv4 : await resolveAddresses(target, ask, ['AAAA']);
    return { ...known, addresses: usable(known) };
  });
}

/** What stands for "no address" leads to the proxy's own host. */
function usable({ addresses }: Pick<ResolvedAddresses, 'addresses'>): readonly string[] {
  return addresses.filter((address) => address !== '0.0.0.0' && !/^[0:]+$/.test(address));
}

function inMilliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}

function toEndpoint(address: string, port: number, more: Partial<Endpoint> = {}): Endpoint {
  return { id: formatAddress(address, port), address, port, health: 'unknown', ...more };
}

/** Servers shuffle their records. Of two that are the same place, the first stays. */
function inOrder(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const unique = new Map<string, Endpoint>();
  for (const endpoint of endpoints) if (!unique.has(endpoint.id)) unique.set(endpoint.id, endpoint);
  return [...unique.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** Names from a server may hold anything. */
function showTarget(target: string): string {
  return isHostname(target) ? target : JSON.stringify(target.slice(0, 80));
}

function nothing(question: string, server: DnsServer, isKnownName: boolean): SourceError {
  return answerError(
    question,
    server,
    isKnownName ? 'the name has no such records' : 'there is no such name',
    isKnownName ? 'set "allowEmpty" for this name if that says that nothing runs' : undefined,
  );
}

function answerError(question: string, server: DnsServer, what: string, hint?: string): SourceError {
  const url = formatDnsServer(server);
  return new SourceError(`asking ${url} for ${question}: ${what}`, {
    code: 'SOURCE_BAD_RESPONSE',
    url,
    hint: hint ?? 'check the name, and the zone of the server; it is not taken for "nothing runs"',
  });
}
