export { AddressCache } from './address-cache.ts';
export type { DnsServer } from './dns-server.ts';
export { formatDnsServer, parseDnsServer } from './dns-server.ts';
export type { DnsAnswer, DnsRecord, DnsType } from './message.ts';
export type { DnsQueryOptions } from './query.ts';
export { queryDns } from './query.ts';
export type { AddressType, ResolvedAddresses, ResolvedSrv, SrvRecord } from './resolve.ts';
export { resolveAddresses, resolveSrv } from './resolve.ts';
