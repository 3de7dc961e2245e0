import { join, resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import {
  assertListenersDiffer,
  assertSocketPath,
  type ListenerTls,
  settleTarget,
  type TargetSettings,
  type TlsSettings,
} from '@signalbox/sink-kit';
import { settleTls } from '@signalbox/sink-kit/schemas';
import type { z } from 'zod';
import type { nginxOptions } from './options.ts';

type ParsedOptions = z.infer<typeof nginxOptions>;

/** The options with every default and every path filled in. Paths are absolute. */
export interface Settings
  extends TargetSettings,
    TlsSettings,
    Omit<
      ParsedOptions,
      'config' | 'manage' | 'binary' | 'runDirectory' | 'pidFile' | 'listeners' | 'certificates' | 'endpointTls'
    > {
  readonly pidPath: string;
  readonly program: string;
}

/** @throws {ConfigError} CONFIG_INVALID when a listener or the path of the control socket is nothing that nginx can have. */
export function toSettings(options: ParsedOptions): Settings {
  const { config, manage, binary, runDirectory, pidFile, listeners, certificates, endpointTls, ...rest } = options;
  const tls = settleTls({ listeners, certificates, endpointTls });
  const target = settleTarget('nginx', { config, runDirectory, manage });
  const defaultPidPath = target.manage === undefined ? '/run/nginx.pid' : join(target.runDirectory, 'nginx.pid');
  assertSocketPath(controlSocketPath(target.runDirectory));
  assertListenersDiffer(listeners);
  for (const listener of tls.listeners) if (listener.tls !== undefined) assertAlpn(listener.tls);
  return {
    ...rest,
    ...tls,
    ...target,
    pidPath: pidFile === undefined ? defaultPidPath : resolve(pidFile),
    program: binary,
  };
}

/** nginx knows HTTP/2 as a listener's own, in front of HTTP/1.1 and never without. */
function assertAlpn({ alpn }: ListenerTls): void {
  if (['http/1.1', 'h2,http/1.1'].includes(alpn.join())) return;
  throw new ConfigError(`nginx cannot offer ${alpn.join(', then ')} to clients`, {
    code: 'CONFIG_INVALID',
    hint: 'set `alpn` to [h2, http/1.1] or to [http/1.1]',
  });
}

/** Sockets on which this nginx speaks to itself, TLS that is passed through and what ends here behind it. Workers come here, too. */
export function innerSocketFolder(runDirectory: string): string {
  return join(runDirectory, 'pass');
}

export function innerSocketPath(runDirectory: string, name: string): string {
  return join(innerSocketFolder(runDirectory), `${name}.sock`);
}

/** In a folder of its own that only we may enter: nginx makes its sockets writable for all. */
export function controlSocketPath(runDirectory: string): string {
  return join(runDirectory, 'control', 'nginx.sock');
}
