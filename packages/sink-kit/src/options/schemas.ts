import { z } from 'zod';
import { plainPath } from './plain-path.ts';

/** Parts of the schema of a sink's options, for what {@link ProxyOptions} names. A sink spreads them where it wants them in its documentation. */

export const durationMs = z.int().min(1);

export const portNumber = z.int().min(1).max(65_535);

/** A line of configuration of the operator's own. */
export const configLine = z.string().regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters');

/** For paths that stand unquoted in a configuration or a command. */
export const pathText = z.string().regex(plainPath, 'must be a path of letters, digits and ._/@+,=~-');

export const bindAddress = z.string().regex(/^(\*|[0-9.]+|[0-9a-fA-F:.]+)$/, 'must be an IP address or *');

/** How the proxy and its things are called in descriptions. */
export interface ProxyWords {
  /** E.g. `HAProxy`. */
  readonly proxy: string;
  /** The usual name of the file, e.g. `haproxy.cfg`. */
  readonly configFile: string;
  /** The program that is run when nothing else is said. */
  readonly program: string;
  /** What the run directory holds besides last good files. */
  readonly runFiles: string;
  /** What the reload command stands in for. */
  readonly ownReload: string;
}

/** Which files and which program: `config`, `binary`, `runDirectory`, `reloadCommand`. */
export const targetSchemas = ({ proxy, configFile, program, runFiles, ownReload }: ProxyWords) => ({
  config: pathText.meta({ description: `Path of ${configFile}. Signalbox owns this file: it is replaced as a whole.` }),
  binary: z
    .string()
    .min(1)
    .default(program)
    .meta({ description: 'The program that checks candidates, and that `manage` starts.' }),
  runDirectory: pathText.optional().meta({
    description: `For ${runFiles} and last good files. Default: the folder \`signalbox\` beside the configuration.`,
  }),
  reloadCommand: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: `Program and arguments that reload ${proxy}; used instead of ${ownReload}.` }),
});

/** For the object form of `manage`. */
export const onExit = (proxy: string) =>
  z
    .enum(['keep', 'stop'])
    .default('keep')
    .meta({ description: `What happens to ${proxy} when Signalbox ends.` });

export const servicePortSchemas = {
  bindAddress: bindAddress.default('127.0.0.1').meta({ description: 'Where the service ports listen.' }),
  servicePorts: z.boolean().default(true).meta({ description: 'Whether each service with a `port` listens on it.' }),
};

/** For one of `listeners`. */
export const listenerSchemas = {
  name: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, 'must be lower-case letters, digits, _ and -')
    .optional()
    .meta({ description: 'For people.' }),
  address: bindAddress.meta({ description: 'IP address, or `*` for all.' }),
  port: portNumber.meta({ description: 'Port of the listener.' }),
  protocol: z.literal('http').meta({ description: 'What clients speak.' }),
};

/** For `reload`. */
export const reloadSchemas = (defaults: { readonly minIntervalMs: number; readonly jitterMs: number }) => ({
  minIntervalMs: z.int().min(0).default(defaults.minIntervalMs).meta({
    description:
      'Least time between two reloads; at least 5 times as long as the last one took. `0`: as often as something changes.',
  }),
  jitterMs: z.int().min(0).default(defaults.jitterMs).meta({ description: 'Random time added to the interval.' }),
});

export const timeoutSchemas = {
  connectTimeoutMs: durationMs.default(1_000).meta({ description: 'Longest wait for a connection to an endpoint.' }),
  clientTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of a client.' }),
  serverTimeoutMs: durationMs.default(60_000).meta({ description: 'Longest silence of an endpoint.' }),
};

export const retries = (description: string) => z.int().min(0).max(100).default(3).meta({ description });

export { listenerTlsSchemas, servicePortTlsSchemas, tlsSchemas, verifyingListenerTlsSchemas } from './tls-schemas.ts';
export { settleListenerTls, settleTls } from './tls-settings.ts';
