import { Resolver } from 'node:dns';
import { SourceError } from '@signalbox/core';
import { type DnsServer, parseDnsServer } from '@signalbox/source-kit/dns';
import type { ResolvedDnsOptions } from './options.ts';

/**
 * The configured servers, or those of the system as they are now (`/etc/resolv.conf`; without any, the one of this host).
 *
 * @throws {SourceError} `SOURCE_UNREACHABLE` when the system names none.
 */
export function findServers({ servers }: Pick<ResolvedDnsOptions, 'servers'>): readonly DnsServer[] {
  // A resolver reads the settings of the system when it is made.
  const found = (servers ?? new Resolver().getServers()).flatMap((text) => parseDnsServer(text) ?? []);
  if (found.length > 0) return found;
  throw new SourceError('the system names no DNS server', {
    code: 'SOURCE_UNREACHABLE',
    hint: 'check /etc/resolv.conf, or give the option "servers"',
  });
}
