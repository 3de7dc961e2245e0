import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { checkPlainHostname } from './hostname.ts';
import type { TextResult } from './text-result.ts';

/** An endpoint's address: IPv4, IPv6 without brackets or zone (in its canonical form), or a host name. */
export function checkAddress(text: string): TextResult {
  if (isIPv4(text)) return { ok: true, value: text };
  if (isIPv6(text)) {
    if (text.includes('%')) return { ok: false, reason: 'an IPv6 address with a zone is not supported' };
    return { ok: true, value: new SocketAddress({ address: text, family: 'ipv6' }).address };
  }
  const result = checkPlainHostname(text);
  if (!result.ok) return { ok: false, reason: 'the address is neither an IP address nor a host name' };
  // "10.1", "1.2.3.400" and "0x7f.1" are read as IPv4 addresses by some resolvers, and never are host names.
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(result.value)) {
    return { ok: false, reason: 'the address looks like an IPv4 address, but is none' };
  }
  return result;
}
