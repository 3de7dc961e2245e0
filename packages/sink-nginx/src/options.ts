import type {
  CertificateOptions,
  EndpointTlsOptions,
  ListenerTlsOptions,
  ManageOptions,
  ListenerOptions as PlainListenerOptions,
  ProxyOptions,
  ReloadOptions as ReloadBudget,
} from '@signalbox/sink-kit';
import {
  configLine,
  durationMs,
  listenerSchemas,
  listenerTlsSchemas,
  onExit,
  pathText,
  reloadSchemas,
  retries,
  servicePortSchemas,
  targetSchemas,
  timeoutSchemas,
  tlsSchemas,
} from '@signalbox/sink-kit/schemas';
import { z } from 'zod';

export type { CertificateOptions, EndpointTlsOptions, ListenerTlsOptions, ManageOptions };

export interface NginxOptions extends ProxyOptions {
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
  /** Shared listeners that carry routes. Default none. */
  readonly listeners?: readonly ListenerOptions[];
  /** The certificates of listeners with TLS; needed by those. */
  readonly certificates?: CertificateOptions;
  /** How endpoints of services with `traffic.endpointTls` are verified. */
  readonly endpointTls?: EndpointTlsOptions;
  /** `minIntervalMs` is 1000 and `jitterMs` 100 by default. */
  readonly reload?: ReloadOptions;
  /** Further attempts on another endpoint when one could not be reached. Default 3. */
  readonly retries?: number;
  /** Memory for endpoints, routes and certificates in Lua mode. Default 64. */
  readonly dictionaryMebibytes?: number;
  /** Lines added to the main part of the configuration as they are. */
  readonly main?: readonly string[];
  /** Lines added to `http` as they are. */
  readonly http?: readonly string[];
}

export type NginxMode = 'lua' | 'reload';

export interface ListenerOptions extends PlainListenerOptions {
  /** Clients speak TLS. Default false. */
  readonly tls?: boolean | ListenerTlsOptions;
}

/** Defaults: 1000 and 100. */
export interface ReloadOptions extends ReloadBudget {
  /** How long an old worker may finish its requests after a reload. Default 600000. */
  readonly workerShutdownTimeoutMs?: number;
}

const { config, binary, runDirectory, reloadCommand } = targetSchemas({
  proxy: 'nginx',
  configFile: 'nginx.conf',
  program: 'nginx',
  runFiles: 'the control socket, Lua files, logs',
  ownReload: 'a signal',
});

export const nginxOptions = z.strictObject({
  config,
  manage: z
    .union([z.boolean(), z.strictObject({ onExit: onExit('nginx') })])
    .default(false)
    .meta({ description: 'Start nginx and keep it running.' }),
  mode: z.enum(['auto', 'lua', 'reload']).default('auto').meta({
    description:
      '`lua` changes endpoints and routes without a reload, `reload` needs nothing but nginx itself, `auto` takes `lua` where the module loads.',
  }),
  binary,
  runDirectory,
  pidFile: pathText.optional().meta({
    description: 'Default: `nginx.pid` in `runDirectory` when managed, else `/run/nginx.pid`.',
  }),
  reloadCommand,
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
  ...servicePortSchemas,
  listeners: z
    .array(z.strictObject({ ...listenerSchemas, ...listenerTlsSchemas }))
    .default([])
    .meta({ description: 'Shared listeners that carry routes.' }),
  ...tlsSchemas,
  reload: z
    .strictObject({
      ...reloadSchemas({ minIntervalMs: 1_000, jitterMs: 100 }),
      workerShutdownTimeoutMs: durationMs
        .default(600_000)
        .meta({ description: 'How long an old worker may finish its requests after a reload.' }),
    })
    .prefault({})
    .meta({ description: 'How often nginx may be reloaded.' }),
  ...timeoutSchemas,
  retries: retries('Further attempts on another endpoint when one could not be reached.'),
  dictionaryMebibytes: z
    .int()
    .min(1)
    .max(65_536)
    .default(64)
    .meta({ description: 'Memory for endpoints, routes and certificates in Lua mode.' }),
  main: z
    .array(configLine)
    .default([])
    .meta({ description: 'Lines added to the main part of the configuration as they are.' }),
  http: z.array(configLine).default([]).meta({ description: 'Lines added to `http` as they are.' }),
});
