import { isIP } from 'node:net';

export interface AddressAndPort {
  /** IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
}

const hostname = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/** Reads `10.0.0.1:80`, `[2001:db8::1]:80` and `host.example:80`. */
export function parseAddressAndPort(text: string): AddressAndPort | undefined {
  const [, ipv6, other, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = ipv6 ?? other;
  const port = Number(digits);
  if (address === undefined || port < 1 || port > 65_535) return undefined;
  if (ipv6 === undefined ? !isAddress(address) : isIP(ipv6) !== 6) return undefined;
  return { address, port };
}

/** An IP address, or a name that can be looked up. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 || isHostname(text);
}

/** A name that can be looked up, which may have underscores as those of SRV records do. */
export function isHostname(text: string): boolean {
  // Digits and dots that are no IPv4 address are a mistake, not the name of a host.
  return hostname.test(text) && !/^[\d.]+$/.test(text);
}
