import { ConfigError } from '@signalbox/core';

/** `sun_path` of unix(7) holds 108 bytes with the closing zero; longer paths are cut or refused, depending on who binds. */
const maxSocketPathBytes = 107;

/** `maxBytes` is for a program that takes less. @throws {ConfigError} CONFIG_INVALID when the path does not fit into a Unix socket address. */
export function assertSocketPath(path: string, maxBytes: number = maxSocketPathBytes): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= maxBytes) return;
  throw new ConfigError(`the path of the socket "${path}" has ${bytes} bytes, and at most ${maxBytes} fit`, {
    code: 'CONFIG_INVALID',
    hint: 'set `runDirectory` to a shorter folder, for example under /run',
  });
}
