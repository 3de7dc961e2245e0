import { isIPv6 } from 'node:net';
import { formatAddress } from '@signalbox/core';

/** Where a DNS server listens, with UDP and TCP alike. */
export interface DnsServer {
  /** IPv4 or IPv6 address without brackets, or a host name that the system resolves. */
  readonly host: string;
  readonly port: number;
}

/** @returns undefined for what is not `host`, `host:port`, an IPv6 address, or one in brackets with or without port. */
export function parseDnsServer(text: string): DnsServer | undefined {
  if (isIPv6(text)) return { host: text, port: 53 };
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s/@]+))(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain, digits = '53'] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  return { host: bracketed ?? plain ?? '', port };
}

/** As errors show it, for example `dns://10.0.0.2:53`. */
export function formatDnsServer({ host, port }: DnsServer): string {
  return `dns://${formatAddress(host, port)}`;
}
