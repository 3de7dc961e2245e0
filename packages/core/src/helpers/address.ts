import { isIPv6 } from 'node:net';

/** `address:port`, with brackets around an IPv6 address. */
export function formatAddress(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
