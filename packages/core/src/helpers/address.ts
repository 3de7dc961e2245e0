/** `address:port`, with brackets around an IPv6 address. */
export function formatAddress(address: string, port: number): string {
  // Host names and IPv4 addresses have no colon, and a full check of an address costs as much as all the rest of this line of a file.
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
