import { ConfigError } from '@signalbox/core';

/** `sun_path` of unix(7) holds 108 bytes with the closing zero; longer paths are cut or refused, depending on who binds. */
const maxSocketPathBytes = 107;

/**
 * What HAProxy takes for a socket that it creates ("socket path ... too long (max 97)", 2.6): it binds under a longer
 * name first and then renames.
 */
const maxBindablePathBytes = 97;

/** @throws {ConfigError} CONFIG_INVALID when the path does not fit into a Unix socket address. */
export function assertSocketPath(path: string): void {
  assertLength(path, maxSocketPathBytes);
}

/** For a socket that HAProxy shall create. @throws {ConfigError} CONFIG_INVALID */
export function assertBindableSocketPath(path: string): void {
  assertLength(path, maxBindablePathBytes);
}

function assertLength(path: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= maxBytes) return;
  throw new ConfigError(`the path of the socket "${path}" has ${bytes} bytes, and at most ${maxBytes} fit`, {
    code: 'CONFIG_INVALID',
    hint: 'Choose a shorter folder, e.g. under /run',
  });
}
