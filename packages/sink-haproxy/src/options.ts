import { z } from 'zod';
import { type CertificateOptions, certificateOptions, type ListenerTlsOptions, listenerTls } from './tls-options.ts';

export interface HaproxyOptions {
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
  /** Where the service ports listen. Default `127.0.0.1`. */
  readonly bindAddress?: string;
  /** Whether each service with a `port` listens on it. Default true. */
  readonly servicePorts?: boolean;
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
  /** Shared listeners that carry routes. Default none. */
  readonly listeners?: readonly ListenerOptions[];
  /** The certificates of listeners with TLS; needed by those. */
  readonly certificates?: CertificateOptions;
  /** How endpoints of services with `traffic.endpointTls` are verified. */
  readonly endpointTls?: EndpointTlsOptions;
  readonly reload?: ReloadOptions;
  /** Longest wait for a connection to an endpoint. Default 1000. */
  readonly connectTimeoutMs?: number;
  /** Longest silence of a client. Default 60000. */
  readonly clientTimeoutMs?: number;
  /** Longest silence of an endpoint. Default 60000. */
  readonly serverTimeoutMs?: number;
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

export interface ManageOptions {
  /** Default: `binary` of the sink. */
  readonly binary?: string;
  /** What happens to HAProxy when Signalbox ends. Default `keep`: our own end never touches the traffic. */
  readonly onExit?: 'keep' | 'stop';
}

export interface ListenerOptions {
  readonly name?: string;
  /** IPv4 or IPv6 address, or `*` for all. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http';
  /** Clients speak TLS. Default false. */
  readonly tls?: boolean | ListenerTlsOptions;
}

export interface EndpointTlsOptions {
  /** File with the authorities that endpoints are verified against, in PEM. Default: those of the system. */
  readonly caFile?: string;
}

/** Both ends belong to it. */
export interface PortRangeOptions {
  readonly from: number;
  readonly to: number;
}

export interface ReloadOptions {
  /** Least time between two reloads; five times the duration of the last one when that is longer. Default 2000. */
  readonly minIntervalMs?: number;
  /** Random time added to the interval, so that many hosts do not reload together. Default 200. */
  readonly jitterMs?: number;
}

const durationMs = z.int().min(1);
const port = z.int().min(1).max(65_535);
const line = z.string().regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters');
/** These stand unquoted in the configuration and in runtime commands. */
const path = z.string().regex(/^[A-Za-z0-9._/@+,=~-]+$/, 'must be a path of letters, digits and ._/@+,=~-');
const bindAddress = z.string().regex(/^(\*|[0-9.]+|[0-9a-fA-F:.]+)$/, 'must be an IP address or *');

export const haproxyOptions = z.strictObject({
  config: path.meta({ description: 'Path of haproxy.cfg. Signalbox owns this file: it is replaced as a whole.' }),
  manage: z
    .union([
      z.boolean(),
      z.strictObject({
        binary: z.string().min(1).optional().meta({ description: 'Default: `binary` of the sink.' }),
        onExit: z
          .enum(['keep', 'stop'])
          .default('keep')
          .meta({ description: 'What happens to HAProxy when Signalbox ends.' }),
      }),
    ])
    .default(false)
    .meta({ description: 'Start HAProxy and keep it running.' }),
  binary: z
    .string()
    .min(1)
    .default('haproxy')
    .meta({ description: 'The program that checks candidates, and that `manage` starts.' }),
  runDirectory: path.optional().meta({
    description:
      'For sockets, maps, server state and last good files. Default: the folder `signalbox` beside the configuration.',
  }),
  masterSocket: path.optional().meta({
    description: 'Default: `master.sock` in `runDirectory` when managed, else `/run/haproxy-master.sock`.',
  }),
  reloadCommand: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Program and arguments that reload HAProxy; used instead of the master socket.' }),
  bindAddress: bindAddress.default('127.0.0.1').meta({ description: 'Where the service ports listen.' }),
  servicePorts: z.boolean().default(true).meta({ description: 'Whether each service with a `port` listens on it.' }),
  portRanges: z
    .array(
      z.strictObject({
        from: port.meta({ description: 'First port.' }),
        to: port.meta({ description: 'Last port.' }),
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
  listeners: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9_-]{1,40}$/, 'must be lower-case letters, digits, _ and -')
          .optional()
          .meta({ description: 'For people.' }),
        address: bindAddress.meta({ description: 'IP address, or `*` for all.' }),
        port: port.meta({ description: 'Port of the listener.' }),
        protocol: z.literal('http').meta({ description: 'What clients speak.' }),
        tls: z
          .union([z.boolean(), listenerTls])
          .default(false)
          .meta({ description: 'Clients speak TLS; `certificates` says where the certificates are.' }),
      }),
    )
    .default([])
    .meta({ description: 'Shared listeners that carry routes.' }),
  certificates: certificateOptions.optional().meta({ description: 'The certificates of listeners with TLS.' }),
  endpointTls: z
    .strictObject({
      caFile: path.optional().meta({
        description:
          'File with the authorities that endpoints are verified against, in PEM. Default: those of the system.',
      }),
    })
    .prefault({})
    .meta({ description: 'How endpoints of services with `traffic.endpointTls` are verified.' }),
  reload: z
    .strictObject({
      minIntervalMs: z.int().min(0).default(2_000).meta({ description: 'Least time between two reloads.' }),
      jitterMs: z.int().min(0).default(200).meta({ description: 'Random time added to the interval.' }),
    })
    .prefault({})
    .meta({ description: 'How often HAProxy may be reloaded.' }),
  connectTimeoutMs: durationMs.default(1_000).meta({ description: 'Longest wait for a connection to an endpoint.' }),
  clientTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of a client.' }),
  serverTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of an endpoint.' }),
  queueTimeoutMs: durationMs.default(5_000).meta({ description: 'Longest wait for a free connection to an endpoint.' }),
  retries: z
    .int()
    .min(0)
    .max(100)
    .default(3)
    .meta({ description: 'Further attempts when a connection could not be made.' }),
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
  global: z.array(line).default([]).meta({ description: 'Lines added to `global` as they are.' }),
  defaults: z.array(line).default([]).meta({ description: 'Lines added to every `defaults` section as they are.' }),
});
