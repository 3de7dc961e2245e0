import { z } from 'zod';

export interface NginxOptions {
  /** Path of `nginx.conf`. Signalbox owns this file: it is replaced as a whole. */
  readonly config: string;
  /**
   * Start nginx and keep it running. `true` is `{ onExit: 'keep' }`. Default false: nginx is started by others, and is reloaded by a signal to
   * the process that `pidFile` names, or by `reloadCommand`.
   */
  readonly manage?: boolean | ManageOptions;
  /**
   * `lua` changes endpoints and routes without a reload; `reload` needs nothing but nginx itself; `auto` takes `lua` where the module loads.
   * Default `auto`.
   */
  readonly mode?: 'auto' | NginxMode;
  /** The program that checks candidates, and that `manage` starts. Default `nginx`. */
  readonly binary?: string;
  /** For the control socket, Lua files, logs and last good files. Default: the folder `signalbox` beside the configuration. */
  readonly runDirectory?: string;
  /** Default: `nginx.pid` in `runDirectory` when managed, else `/run/nginx.pid`. */
  readonly pidFile?: string;
  /** Program and arguments that reload nginx; used instead of a signal. */
  readonly reloadCommand?: readonly string[];
  /** The user that workers run as, when nginx is started by root. Default: the one that nginx was built with. */
  readonly user?: string;
  /** Default: one for each processor. */
  readonly workers?: number;
  /** Connections of each worker, those to endpoints included. Default 4096. */
  readonly workerConnections?: number;
  /** Where the service ports listen. Default `127.0.0.1`. */
  readonly bindAddress?: string;
  /** Whether each service with a `port` listens on it. Default true. */
  readonly servicePorts?: boolean;
  /** Shared listeners that carry routes. Default none. */
  readonly listeners?: readonly ListenerOptions[];
  readonly reload?: ReloadOptions;
  /** Longest wait for a connection to an endpoint. Default 1000. */
  readonly connectTimeoutMs?: number;
  /** Longest silence of a client. Default 60000. */
  readonly clientTimeoutMs?: number;
  /** Longest silence of an endpoint. Default 60000. */
  readonly serverTimeoutMs?: number;
  /** Further attempts on another endpoint when one could not be reached. Default 3. */
  readonly retries?: number;
  /** Memory for endpoints and routes in Lua mode. Default 64. */
  readonly dictionaryMebibytes?: number;
  /** Lines added to the main part of the configuration as they are. */
  readonly main?: readonly string[];
  /** Lines added to `http` as they are. */
  readonly http?: readonly string[];
}

export type NginxMode = 'lua' | 'reload';

export interface ManageOptions {
  /** What happens to nginx when Signalbox ends. Default `keep`: our own end never touches the traffic. */
  readonly onExit?: 'keep' | 'stop';
}

export interface ListenerOptions {
  readonly name?: string;
  /** IPv4 or IPv6 address, or `*` for all. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http';
}

export interface ReloadOptions {
  /** Least time between two reloads; five times the duration of the last one when that is longer. Default 1000. */
  readonly minIntervalMs?: number;
  /** Random time added to the interval, so that many hosts do not reload together. Default 100. */
  readonly jitterMs?: number;
  /** How long an old worker may finish its requests after a reload. Default 600000. */
  readonly workerShutdownTimeoutMs?: number;
}

const durationMs = z.int().min(1);
const port = z.int().min(1).max(65_535);
const line = z.string().regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters');
/** These stand unquoted in the configuration. */
const path = z.string().regex(/^[A-Za-z0-9._/@+,=~-]+$/, 'must be a path of letters, digits and ._/@+,=~-');
const bindAddress = z.string().regex(/^(\*|[0-9.]+|[0-9a-fA-F:.]+)$/, 'must be an IP address or *');

export const nginxOptions = z.strictObject({
  config: path.meta({ description: 'Path of nginx.conf. Signalbox owns this file: it is replaced as a whole.' }),
  manage: z
    .union([
      z.boolean(),
      z.strictObject({
        onExit: z
          .enum(['keep', 'stop'])
          .default('keep')
          .meta({ description: 'What happens to nginx when Signalbox ends.' }),
      }),
    ])
    .default(false)
    .meta({ description: 'Start nginx and keep it running.' }),
  mode: z.enum(['auto', 'lua', 'reload']).default('auto').meta({
    description:
      '`lua` changes endpoints and routes without a reload, `reload` needs nothing but nginx itself, `auto` takes `lua` where the module loads.',
  }),
  binary: z
    .string()
    .min(1)
    .default('nginx')
    .meta({ description: 'The program that checks candidates, and that `manage` starts.' }),
  runDirectory: path.optional().meta({
    description:
      'For the control socket, Lua files, logs and last good files. Default: the folder `signalbox` beside the configuration.',
  }),
  pidFile: path.optional().meta({
    description: 'Default: `nginx.pid` in `runDirectory` when managed, else `/run/nginx.pid`.',
  }),
  reloadCommand: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Program and arguments that reload nginx; used instead of a signal.' }),
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'must be the name of a user')
    .optional()
    .meta({ description: 'The user that workers run as, when nginx is started by root.' }),
  workers: z.int().min(1).max(512).optional().meta({ description: 'Default: one for each processor.' }),
  workerConnections: z
    .int()
    .min(16)
    .max(1_048_576)
    .default(4_096)
    .meta({ description: 'Connections of each worker, those to endpoints included.' }),
  bindAddress: bindAddress.default('127.0.0.1').meta({ description: 'Where the service ports listen.' }),
  servicePorts: z.boolean().default(true).meta({ description: 'Whether each service with a `port` listens on it.' }),
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
      }),
    )
    .default([])
    .meta({ description: 'Shared listeners that carry routes.' }),
  reload: z
    .strictObject({
      minIntervalMs: z.int().min(0).default(1_000).meta({ description: 'Least time between two reloads.' }),
      jitterMs: z.int().min(0).default(100).meta({ description: 'Random time added to the interval.' }),
      workerShutdownTimeoutMs: durationMs
        .default(600_000)
        .meta({ description: 'How long an old worker may finish its requests after a reload.' }),
    })
    .prefault({})
    .meta({ description: 'How often nginx may be reloaded.' }),
  connectTimeoutMs: durationMs.default(1_000).meta({ description: 'Longest wait for a connection to an endpoint.' }),
  clientTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of a client.' }),
  serverTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of an endpoint.' }),
  retries: z
    .int()
    .min(0)
    .max(100)
    .default(3)
    .meta({ description: 'Further attempts on another endpoint when one could not be reached.' }),
  dictionaryMebibytes: z
    .int()
    .min(1)
    .max(65_536)
    .default(64)
    .meta({ description: 'Memory for endpoints and routes in Lua mode.' }),
  main: z
    .array(line)
    .default([])
    .meta({ description: 'Lines added to the main part of the configuration as they are.' }),
  http: z.array(line).default([]).meta({ description: 'Lines added to `http` as they are.' }),
});
