import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import type { z } from 'zod';
import type { nginxOptions } from './options.ts';

type ParsedOptions = z.infer<typeof nginxOptions>;

/** The options with every default and every path filled in. Paths are absolute. */
export interface Settings extends Omit<ParsedOptions, 'config' | 'manage' | 'binary' | 'runDirectory' | 'pidFile'> {
  readonly configPath: string;
  readonly pidPath: string;
  readonly runDirectory: string;
  readonly program: string;
  /** Undefined when others start nginx. */
  readonly manage: { readonly onExit: 'keep' | 'stop' } | undefined;
}

/** `sun_path` of unix(7) holds 108 bytes with the closing zero. */
const maxSocketPathBytes = 107;

/** @throws {ConfigError} CONFIG_INVALID when the path of the control socket is too long or two listeners share an address. */
export function toSettings(options: ParsedOptions): Settings {
  const { config, manage, binary, runDirectory, pidFile, ...rest } = options;
  const configPath = resolve(config);
  const directory = runDirectory === undefined ? join(dirname(configPath), 'signalbox') : resolve(runDirectory);
  const managed = manage === false ? undefined : manage === true ? { onExit: 'keep' as const } : manage;
  const defaultPidPath = managed === undefined ? '/run/nginx.pid' : join(directory, 'nginx.pid');
  if (Buffer.byteLength(controlSocketPath(directory)) > maxSocketPathBytes) {
    throw new ConfigError(`the path of the socket ${JSON.stringify(controlSocketPath(directory))} is too long`, {
      code: 'CONFIG_INVALID',
      hint: 'set `runDirectory` to a shorter folder, for example under /run',
    });
  }
  if (!/^[A-Za-z0-9._/@+,=~-]+$/.test(directory)) {
    throw new ConfigError(`the run directory ${JSON.stringify(directory)} has characters that nginx may misread`, {
      code: 'CONFIG_INVALID',
      hint: 'set `runDirectory` to a path of letters, digits and ._/@+,=~-',
    });
  }
  const seen = new Set<string>();
  for (const { address, port } of rest.listeners) {
    if (seen.has(`${address} ${port}`)) {
      throw new ConfigError(`two listeners share ${address} port ${port}`, {
        code: 'CONFIG_INVALID',
        hint: 'give each listener an address and port of its own',
      });
    }
    seen.add(`${address} ${port}`);
  }
  return {
    ...rest,
    configPath,
    pidPath: pidFile === undefined ? defaultPidPath : resolve(pidFile),
    runDirectory: directory,
    program: binary,
    manage: managed,
  };
}

/** In a folder of its own that only we may enter: nginx makes its sockets writable for all. */
export function controlSocketPath(runDirectory: string): string {
  return join(runDirectory, 'control', 'nginx.sock');
}
