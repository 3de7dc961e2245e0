import { ConfigError } from '../errors/config-error.ts';
import type { OptionsSchema } from './schema.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';
import type { Transform } from './transform.ts';

/** The version of the three plugin interfaces. Raised only when an existing plugin would break. */
export const apiVersion = 1;

export type PluginKind = 'source' | 'transform' | 'sink';

/** A plugin is its own factory, with its description attached: one export for TypeScript users and for the CLI. */
export interface Plugin<Kind extends PluginKind, Options, Instance> {
  /** @throws {ConfigError} `CONFIG_INVALID`, with every issue, when the options do not fit the schema. */
  (options: Options): Instance;
  readonly kind: Kind;
  /** The word used in YAML, e.g. `marathon`. */
  readonly type: string;
  readonly apiVersion: number;
  /** One sentence for `signalbox list`. */
  readonly description: string;
  readonly options: OptionsSchema<unknown>;
}

export type SourcePlugin<Options> = Plugin<'source', Options, Source>;
export type TransformPlugin<Options> = Plugin<'transform', Options, Transform>;
export type SinkPlugin<Options> = Plugin<'sink', Options, Sink>;

export interface PluginDefinition<Resolved, Instance> {
  /** The word used in YAML: lower-case letters, digits and hyphens. */
  readonly type: string;
  readonly description: string;
  /** Strict: an unknown key is an error. Validation is synchronous. */
  readonly options: OptionsSchema<Resolved>;
  /** Called with validated options. Has no side effects: nothing is opened before `watch`, `probe` or `plan`. */
  readonly create: (options: Resolved) => Instance;
}

export function defineSource<Options, Resolved>(definition: PluginDefinition<Resolved, Source>): SourcePlugin<Options> {
  return define<'source', Options, Resolved, Source>('source', definition);
}

export function defineTransform<Options, Resolved>(
  definition: PluginDefinition<Resolved, Transform>,
): TransformPlugin<Options> {
  return define<'transform', Options, Resolved, Transform>('transform', definition);
}

export function defineSink<Options, Resolved>(definition: PluginDefinition<Resolved, Sink>): SinkPlugin<Options> {
  return define<'sink', Options, Resolved, Sink>('sink', definition);
}

function define<Kind extends PluginKind, Options, Resolved, Instance>(
  kind: Kind,
  definition: PluginDefinition<Resolved, Instance>,
): Plugin<Kind, Options, Instance> {
  const { type, description, options: schema, create } = definition;
  const factory = (options: Options): Instance => create(validate(schema, options, `${kind} "${type}"`));
  return Object.assign(factory, { kind, type, apiVersion, description, options: schema });
}

function validate<Resolved>(schema: OptionsSchema<Resolved>, options: unknown, subject: string): Resolved {
  const result = schema['~standard'].validate(options);
  if (result instanceof Promise) {
    throw new ConfigError(`the options schema of ${subject} validates asynchronously`, {
      code: 'PLUGIN_INVALID',
      hint: 'use a schema without asynchronous refinements',
    });
  }
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => ({
    path: (issue.path ?? []).map((segment) => keyOf(segment)),
    message: issue.message,
  }));
  const list = issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
  throw new ConfigError(`the options of ${subject} are invalid: ${list}`, { code: 'CONFIG_INVALID', issues });
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'symbol' ? key.toString() : key;
}
