import { join, resolve } from 'node:path';
import {
  assertListenersDiffer,
  assertSocketPath,
  type ListenerTls,
  settleTarget,
  type TargetSettings,
  type TlsSettings,
} from '@signalbox/sink-kit';
import { settleListenerTls, settleTls } from '@signalbox/sink-kit/schemas';
import type { z } from 'zod';
import type { haproxyOptions } from './options.ts';
import { assertPortRanges } from './port-range-settings.ts';

type ParsedOptions = z.infer<typeof haproxyOptions>;

/** The options with every default and every path filled in. Paths are absolute. */
export interface Settings
  extends TargetSettings,
    Omit<TlsSettings, 'endpointCaFile'>,
    Required<
      Pick<
        ParsedOptions,
        | 'bindAddress'
        | 'servicePorts'
        | 'portRanges'
        | 'spareBackends'
        | 'refillSparesAfterMs'
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
  readonly servicePortTls: ListenerTls;
  readonly runtimeSocket: string;
  readonly masterSocket: string;
  readonly program: string;
  readonly reloadCommand: readonly string[] | undefined;
  /** What endpoints are verified against: a path, or HAProxy's word for the authorities of the system. */
  readonly endpointCaFile: string;
  readonly maxConnections: number | undefined;
  /** Servers in maintenance that wait for a reload, where they are not deleted: 4 to 6 KiB each on 2.6. */
  readonly mostRetiredServers: number;
  /** How long an apply believes what its plan has read of the process; afterwards it asks first. */
  readonly trustMarkMs: number;
  /** For servers and backends that wait for their deletion. It is longer where a request may wait longer for another try. */
  readonly leastQuarantineMs: number;
  /** Between two looks at process and files while nothing changes. */
  readonly lookIntervalMs: number;
}

/** @throws {ConfigError} CONFIG_INVALID when a socket path is too long or two listeners share an address. */
export function toSettings(options: ParsedOptions): Settings {
  const { config, manage, binary, runDirectory, masterSocket, reloadCommand, maxConnections, ...others } = options;
  const { listeners, certificates, endpointTls, ...rest } = others;
  const tls = settleTls({ listeners, certificates, endpointTls });
  const target = settleTarget('HAProxy', { config, runDirectory, manage });
  const settings: Settings = {
    ...rest,
    ...target,
    runtimeSocket: join(target.runDirectory, 'runtime.sock'),
    masterSocket:
      masterSocket === undefined
        ? target.manage === undefined
          ? '/run/haproxy-master.sock'
          : join(target.runDirectory, 'master.sock')
        : resolve(masterSocket),
    program: (typeof manage === 'object' ? manage.binary : undefined) ?? binary,
    reloadCommand,
    maxConnections,
    mostRetiredServers: 2_000,
    // Long enough for an apply that follows at once, and no time for anybody's reload to end.
    trustMarkMs: 10,
    leastQuarantineMs: 8_000,
    // Each costs 2 ms of processor time, nearly all of it because the caches have forgotten everything since the last one. Nothing is lost
    // meanwhile: a process that ends says so at once, every change asks first, and what others start has the files that follow every change.
    lookIntervalMs: 5_000,
    listeners: tls.listeners,
    servicePortTls: settleListenerTls(options.servicePortTls),
    certificates: tls.certificates,
    endpointCaFile: tls.endpointCaFile ?? '@system-ca',
  };
  assertSocketPath(settings.runtimeSocket);
  assertSocketPath(settings.masterSocket);
  assertListenersDiffer(settings.listeners);
  assertPortRanges(settings);
  return settings;
}
