import { isIP } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9090`, `[::1]:9090` or `*:9090`; `undefined` for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|(\*|[\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain === '*' ? '::' : plain);
  const port = Number(digits);
  if (host === undefined || isIP(host) === 0 || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
