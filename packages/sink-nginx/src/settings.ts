import { join, resolve } from 'node:path';
import { assertListenersDiffer, assertSocketPath, settleTarget, type TargetSettings } from '@signalbox/sink-kit';
import type { z } from 'zod';
import type { nginxOptions } from './options.ts';

type ParsedOptions = z.infer<typeof nginxOptions>;

/** The options with every default and every path filled in. Paths are absolute. */
export interface Settings
  extends TargetSettings,
    Omit<ParsedOptions, 'config' | 'manage' | 'binary' | 'runDirectory' | 'pidFile'> {
  readonly pidPath: string;
  readonly program: string;
}

/** @throws {ConfigError} CONFIG_INVALID when the path of the control socket is too long or two listeners share an address. */
export function toSettings(options: ParsedOptions): Settings {
  const { config, manage, binary, runDirectory, pidFile, ...rest } = options;
  const target = settleTarget('nginx', { config, runDirectory, manage });
  const defaultPidPath = target.manage === undefined ? '/run/nginx.pid' : join(target.runDirectory, 'nginx.pid');
  assertSocketPath(controlSocketPath(target.runDirectory));
  assertListenersDiffer(rest.listeners);
  return {
    ...rest,
    ...target,
    pidPath: pidFile === undefined ? defaultPidPath : resolve(pidFile),
    program: binary,
  };
}

/** In a folder of its own that only we may enter: nginx makes its sockets writable for all. */
export function controlSocketPath(runDirectory: string): string {
  return join(runDirectory, 'control', 'nginx.sock');
}
