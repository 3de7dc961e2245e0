import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import type { z } from 'zod';
import { assertSocketPath } from './control/socket-path.ts';
import type { haproxyOptions } from './options.ts';
import { assertPortRanges } from './port-range-settings.ts';
import { listenerTls } from './tls-options.ts';

type ParsedOptions = z.infer<typeof haproxyOptions>;

/** The options with every default and every path filled in. Paths are absolute. */
export interface Settings
  extends Required<
    Pick<
      ParsedOptions,
      | 'bindAddress'
      | 'servicePorts'
      | 'portRanges'
      | 'spareBackends'
      | 'connectTimeoutMs'
      | 'clientTimeoutMs'
      | 'serverTimeoutMs'
      | 'queueTimeoutMs'
      | 'retries'
      | 'retryOn'
      | 'drainTimeoutMs'
      | 'checks'
      | 'global'
      | 'defaults'
      | 'reload'
    >
  > {
  readonly configPath: string;
  readonly runDirectory: string;
  readonly runtimeSocket: string;
  readonly masterSocket: string;
  readonly program: string;
  /** Undefined when others start HAProxy. */
  readonly manage: { readonly onExit: 'keep' | 'stop' } | undefined;
  readonly reloadCommand: readonly string[] | undefined;
  readonly listeners: readonly Listener[];
  readonly certificates:
    | { readonly directory: string; readonly default: string | undefined; readonly expiryWarningDays: number }
    | undefined;
  /** What endpoints are verified against: a path, or HAProxy's word for the authorities of the system. */
  readonly endpointCaFile: string;
  readonly maxConnections: number | undefined;
  /** Servers in maintenance that wait for a reload, where they are not deleted: 4 to 6 KiB each on 2.6. */
  readonly mostRetiredServers: number;
}

export interface Listener {
  readonly name?: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly tls: ListenerTls | undefined;
}

export type ListenerTls = z.infer<typeof listenerTls>;

/** @throws {ConfigError} CONFIG_INVALID when a socket path is too long or two listeners share an address. */
export function toSettings(options: ParsedOptions): Settings {
  const { config, manage, binary, runDirectory, masterSocket, reloadCommand, maxConnections, ...others } = options;
  const { listeners, certificates, endpointTls, ...rest } = others;
  const configPath = resolve(config);
  const directory = runDirectory === undefined ? join(dirname(configPath), 'signalbox') : resolve(runDirectory);
  const managed = manage === false ? undefined : manage === true ? { onExit: 'keep' as const } : manage;
  const settings: Settings = {
    ...rest,
    configPath,
    runDirectory: directory,
    runtimeSocket: join(directory, 'runtime.sock'),
    masterSocket:
      masterSocket === undefined
        ? managed === undefined
          ? '/run/haproxy-master.sock'
          : join(directory, 'master.sock')
        : resolve(masterSocket),
    program: (typeof manage === 'object' ? manage.binary : undefined) ?? binary,
    manage: managed === undefined ? undefined : { onExit: managed.onExit },
    reloadCommand,
    maxConnections,
    mostRetiredServers: 2_000,
    listeners: listeners.map(({ tls, ...listener }) => ({
      ...listener,
      tls: tls === false ? undefined : tls === true ? listenerTls.parse({}) : tls,
    })),
    certificates:
      certificates === undefined
        ? undefined
        : { ...certificates, directory: resolve(certificates.directory), default: certificates.default },
    endpointCaFile: endpointTls.caFile === undefined ? '@system-ca' : resolve(endpointTls.caFile),
  };
  if (settings.certificates === undefined && settings.listeners.some(({ tls }) => tls !== undefined)) {
    throw new ConfigError('a listener with `tls` needs certificates', {
      code: 'CONFIG_INVALID',
      hint: 'set `certificates.directory` to the folder where they are',
    });
  }
  assertSocketPath(settings.runtimeSocket);
  assertSocketPath(settings.masterSocket);
  if (!/^[A-Za-z0-9._/@+,=~-]+$/.test(directory)) {
    throw new ConfigError(`the run directory ${JSON.stringify(directory)} has characters that HAProxy may misread`, {
      code: 'CONFIG_INVALID',
      hint: 'set `runDirectory` to a path of letters, digits and ._/@+,=~-',
    });
  }
  const seen = new Set<string>();
  for (const { address, port } of settings.listeners) {
    if (seen.has(`${address} ${port}`)) {
      throw new ConfigError(`two listeners share ${address} port ${port}`, {
        code: 'CONFIG_INVALID',
        hint: 'give each listener an address and port of its own',
      });
    }
    seen.add(`${address} ${port}`);
  }
  assertPortRanges(settings);
  return settings;
}
