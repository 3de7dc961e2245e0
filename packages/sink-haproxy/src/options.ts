import type {
  CertificateOptions,
  ClientCertificateOptions,
  EndpointTlsOptions,
  ListenerOptions as PlainListenerOptions,
  ManageOptions as ProxyManageOptions,
  ProxyOptions,
  ReloadOptions,
  VerifyingTlsOptions,
} from '@signalbox/sink-kit';
import {
  configLine,
  durationMs,
  listenerSchemas,
  onExit,
  pathText,
  portNumber,
  reloadSchemas,
  retries,
  servicePortSchemas,
  servicePortTlsSchemas,
  targetSchemas,
  timeoutSchemas,
  tlsSchemas,
  verifyingListenerTlsSchemas,
} from '@signalbox/sink-kit/schemas';
import { z } from 'zod';

export type { CertificateOptions, ClientCertificateOptions, EndpointTlsOptions, ReloadOptions, VerifyingTlsOptions };

export interface HaproxyOptions extends ProxyOptions {
  /** Path of `haproxy.cfg`. Signalbox owns this file: it is replaced as a whole. */
  readonly config: string;
  /**
   * Start HAProxy and keep it running. `true` is `{ onExit: 'keep' }`. Default false: HAProxy is started by others, in master-worker mode,
   * and is reloaded through its master socket or by `reloadCommand`.
   */
  readonly manage?: boolean | ManageOptions;
  /** The program that checks candidates, and that `manage` starts. Default `haproxy`. */
  readonly binary?: string;
  /** For sockets, maps, server state and last good files. Default: the folder `signalbox` beside the configuration. */
  readonly runDirectory?: string;
  /** Default: `master.sock` in `runDirectory` when managed, else `/run/haproxy-master.sock`. */
  readonly masterSocket?: string;
  /** Program and arguments that reload HAProxy; used instead of the master socket. */
  readonly reloadCommand?: readonly string[];
  /**
   * Ports that are bound from the start, each ready for an HTTP or a TCP service; until a service has it, a port takes connections and closes them.
   * A service with such a port needs no reload. Outside of 32768 to 60999, where Linux takes the ports of outgoing connections. Default none.
   */
  readonly portRanges?: readonly PortRangeOptions[];
  /**
   * Backends in reserve for each profile (all that makes up a backend but its servers), so that a new service needs no reload. Default 16; 0
   * turns it off.
   */
  readonly spareBackends?: number;
  /**
   * When less than a quarter of the spares of a profile is left, a reload brings new ones once no service came, went or changed its settings for so
   * long. Default 30000; 0 turns it off.
   */
  readonly refillSparesAfterMs?: number;
  /** Shared listeners that carry routes. Default none. */
  readonly listeners?: readonly ListenerOptions[];
  /** How the ports of services with `portTls` speak TLS; `certificates` says where the certificates are. */
  readonly servicePortTls?: VerifyingTlsOptions;
  /** The certificates of listeners and service ports with TLS; needed by those. */
  readonly certificates?: CertificateOptions;
  /** How endpoints of services with `traffic.endpointTls` are verified. */
  readonly endpointTls?: EndpointTlsOptions;
  /** `minIntervalMs` is 2000 and `jitterMs` 200 by default. */
  readonly reload?: ReloadOptions;
  /** Longest wait for a free connection to an endpoint. Default 5000. */
  readonly queueTimeoutMs?: number;
  /** Further attempts when a connection could not be made, the last of them on another endpoint. Default 3. */
  readonly retries?: number;
  /**
   * After which failures a request is sent again, in HTTP mode. Default `['conn-failure']`: the request never reached an endpoint. The others
   * may send a request twice, so they are for those whose requests may be repeated; HAProxy 2.6 configuration manual, `retry-on`.
   */
  readonly retryOn?: readonly RetryCause[];
  /** How long an endpoint that went may finish its connections before it is put into maintenance. Default 30000. */
  readonly drainTimeoutMs?: number;
  /** Concurrent connections of the whole process. Default: HAProxy's own. */
  readonly maxConnections?: number;
  /** Whether HAProxy checks the health of endpoints whose service has a health check. Default true. */
  readonly checks?: boolean;
  /** Lines added to `global` as they are. */
  readonly global?: readonly string[];
  /** Lines added to every `defaults` section as they are. */
  readonly defaults?: readonly string[];
}

export type RetryCause = 'conn-failure' | 'empty-response' | 'junk-response' | 'response-timeout';

export interface ManageOptions extends ProxyManageOptions {
  /** Default: `binary` of the sink. */
  readonly binary?: string;
}

export interface ListenerOptions extends PlainListenerOptions {
  /** Clients speak TLS. Default false. */
  readonly tls?: boolean | VerifyingTlsOptions;
}

/** Both ends belong to it. */
export interface PortRangeOptions {
  readonly from: number;
  readonly to: number;
}

const { config, binary, runDirectory, reloadCommand } = targetSchemas({
  proxy: 'HAProxy',
  configFile: 'haproxy.cfg',
  program: 'haproxy',
  runFiles: 'sockets, maps, server state',
  ownReload: 'the master socket',
});

export const haproxyOptions = z.strictObject({
  config,
  manage: z
    .union([
      z.boolean(),
      z.strictObject({
        binary: z.string().min(1).optional().meta({ description: 'Default: `binary` of the sink.' }),
        onExit: onExit('HAProxy'),
      }),
    ])
    .default(false)
    .meta({ description: 'Start HAProxy and keep it running.' }),
  binary,
  runDirectory,
  masterSocket: pathText.optional().meta({
    description: 'Default: `master.sock` in `runDirectory` when managed, else `/run/haproxy-master.sock`.',
  }),
  reloadCommand,
  ...servicePortSchemas,
  portRanges: z
    .array(
      z.strictObject({
        from: portNumber.meta({ description: 'First port.' }),
        to: portNumber.meta({ description: 'Last port.' }),
      }),
    )
    .default([])
    .meta({
      description:
        'Ports that are bound from the start, each ready for an HTTP or a TCP service, which then needs no reload. Outside of 32768 to 60999.',
    }),
  spareBackends: z.int().min(0).max(1_000).default(16).meta({
    description: 'Backends in reserve for each profile, so that a new service needs no reload; 0 turns it off.',
  }),
  refillSparesAfterMs: z.int().min(0).default(30_000).meta({
    description:
      'A reload brings new spares when few are left and no service came, went or changed its settings for so long; 0 turns it off.',
  }),
  listeners: z
    .array(
      z.strictObject({
        ...listenerSchemas,
        ...verifyingListenerTlsSchemas,
      }),
    )
    .default([])
    .meta({ description: 'Shared listeners that carry routes.' }),
  ...servicePortTlsSchemas,
  ...tlsSchemas,
  reload: z
    .strictObject(reloadSchemas({ minIntervalMs: 2_000, jitterMs: 200 }))
    .prefault({})
    .meta({ description: 'How often HAProxy may be reloaded.' }),
  ...timeoutSchemas,
  queueTimeoutMs: durationMs.default(5_000).meta({ description: 'Longest wait for a free connection to an endpoint.' }),
  retries: retries('Further attempts when a connection could not be made.'),
  retryOn: z
    .array(z.enum(['conn-failure', 'empty-response', 'junk-response', 'response-timeout']))
    .min(1)
    .default(['conn-failure'])
    .meta({
      description:
        'After which failures a request is sent again, in HTTP mode. All but conn-failure may send a request twice: only for requests that may be repeated.',
    }),
  drainTimeoutMs: z
    .int()
    .min(0)
    .default(30_000)
    .meta({ description: 'How long an endpoint that went may finish its connections.' }),
  maxConnections: z.int().min(1).optional().meta({ description: 'Concurrent connections of the whole process.' }),
  checks: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether HAProxy checks the health of endpoints whose service has a health check.' }),
  global: z.array(configLine).default([]).meta({ description: 'Lines added to `global` as they are.' }),
  defaults: z
    .array(configLine)
    .default([])
    .meta({ description: 'Lines added to every `defaults` section as they are.' }),
});
