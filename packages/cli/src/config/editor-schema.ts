// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this
import type { PluginKind } from '@signalbox/core';
import type { ListedPlugin } from '../plugins/list.ts';
import { durationPattern, formatDuration } from './durations.ts';
import { frameSchema } from './frame.ts';
import { allowsNumber, type JsonSchema, typesOf } from './json-schema.ts';
import { jsonSchemaOf } from './plugins.ts';
import { isMillisecondsKey, toFileKey } from './tree.ts';

/**
 * The JSON Schema of the whole file for editors: durations as they are written, `${…}` wherever a value may stand, and the
 * options of each plugin behind its `type`.
 */
export function createEditorSchema(plugins: readonly ListedPlugin[]): JsonSchema {
  const frame = frameSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as JsonSchema;
  const { $schema: _dialect, ...written } = toWrittenForm(frame, {
    root: frame,
    reference: '#',
    isSubstituted: true,
  });
  const definitions: Record<string, JsonSchema> = {};
  for (const { kind, type, resolved } of plugins) {
    const name = definitionName(kind, type);
    const schema = jsonSchemaOf(resolved.plugin);
    const { $schema: _pluginDialect, ...options } = toWrittenForm(schema, {
      root: schema,
      reference: `#/$defs/${name}`,
      isSubstituted: true,
    });
    definitions[name] = { ...options, description: resolved.plugin.description };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'signalbox.yaml',
    ...addPluginOptions(written, plugins),
    $defs: definitions,
  };
}

/** The JSON Schema of a file that is read by one schema as it is, without `${…}`. */
export function createPlainSchema(schema: JsonSchema, title: string): JsonSchema {
  const { $schema: dialect, ...written } = toWrittenForm(schema, {
    root: schema,
    reference: '#',
    isSubstituted: false,
  });
  return { $schema: dialect, title, ...written };
}

function definitionName(kind: PluginKind, type: string): string {
  return `${kind}-${type.replace(/[^\w-]+/g, '-')}`;
}

interface Origin {
  readonly root: JsonSchema;
  /** Where the root stands in the whole schema, for references within it. */
  readonly reference: string;
  /** Whether `${…}` may stand for a value. */
  readonly isSubstituted: boolean;
}

/** From validated data to what is written: `timeoutMs: 5000` is `timeout: 5s`. */
function toWrittenForm(schema: JsonSchema, origin: Origin): JsonSchema {
  const written: Record<string, unknown> = { ...schema };
  if (schema.$ref !== undefined) written.$ref = schema.$ref.replace(/^#/, origin.reference);
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const) {
    if (schema[keyword] !== undefined) written[keyword] = schema[keyword].map((part) => toWrittenForm(part, origin));
  }
  for (const keyword of ['items', 'additionalProperties', 'propertyNames'] as const) {
    const part = schema[keyword];
    if (typeof part === 'object') written[keyword] = keyword === 'propertyNames' ? part : toWrittenForm(part, origin);
  }
  if (schema.$defs !== undefined) {
    written.$defs = mapValues(schema.$defs, (part) => toWrittenForm(part, origin));
  }
  if (schema.properties !== undefined) {
    const entries = Object.entries(schema.properties).map(([key, property]) =>
      isDuration(key, property, origin.root)
        ? [toFileKey(key), toDurationSchema(property, origin)]
        : [key, toWrittenForm(property, origin)],
    );
    written.properties = Object.fromEntries(entries);
    if (schema.required !== undefined) written.required = schema.required.map((key) => fileKeyOf(key, schema, origin));
  }
  return origin.isSubstituted ? allowReference(written) : written;
}

function fileKeyOf(key: string, schema: JsonSchema, { root }: Origin): string {
  const property = schema.properties?.[key];
  return property !== undefined && isDuration(key, property, root) ? toFileKey(key) : key;
}

function isDuration(key: string, property: JsonSchema, root: JsonSchema): boolean {
  return isMillisecondsKey(key) && allowsNumber(property, root);
}

function toDurationSchema(
  { description, default: fallback, anyOf, oneOf }: JsonSchema,
  { isSubstituted }: Origin,
): JsonSchema {
  const duration: JsonSchema = {
    anyOf: [
      { type: 'string', pattern: durationPattern },
      { const: 0 },
      ...(isSubstituted ? [reference] : []),
      ...[...(anyOf ?? []), ...(oneOf ?? [])].filter((branch) => typesOf(branch).includes('boolean')),
    ],
  };
  return {
    ...(description !== undefined && { description }),
    ...(typeof fallback === 'number' && { default: formatDuration(fallback) }),
    ...duration,
  };
}

const reference: JsonSchema = { type: 'string', pattern: '\\$\\{.+\\}' };

/** A number, a boolean or a string of a certain form may also come out of the environment or a file. */
function allowReference(schema: JsonSchema): JsonSchema {
  const types = typesOf(schema);
  const isLeaf = types.length > 0 && !types.includes('object') && !types.includes('array');
  const isFreeText =
    types.includes('string') &&
    ['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength'].every((keyword) => schema[keyword] === undefined);
  if (!isLeaf || isFreeText || schema.const !== undefined) return schema;
  const { description, default: fallback, writeOnly, ...form } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(writeOnly !== undefined && { writeOnly }),
    anyOf: [form, reference],
  };
}

function addPluginOptions(frame: JsonSchema, plugins: readonly ListedPlugin[]): JsonSchema {
  const entry = (schema: JsonSchema, kind: PluginKind): JsonSchema => {
    const own = plugins.filter((plugin) => plugin.kind === kind);
    const { transforms, type, ...properties } = schema.properties ?? {};
    return {
      ...schema,
      properties: {
        type: {
          ...(type?.description !== undefined && { description: type.description }),
          anyOf: [{ enum: own.map((plugin) => plugin.type) }, { type: 'string' }],
        },
        ...properties,
        ...(transforms && { transforms: list(transforms) }),
      },
      allOf: own.map((plugin) => toCondition(plugin)),
    };
  };
  const list = (schema: JsonSchema): JsonSchema => ({
    ...schema,
    items: entry(schema.items as JsonSchema, 'transform'),
  });
  const named = (schema: JsonSchema, kind: PluginKind): JsonSchema => ({
    ...schema,
    minProperties: 1,
    additionalProperties: entry(schema.additionalProperties as JsonSchema, kind),
  });
  const { sources = {}, transforms = {}, sinks = {}, ...rest } = frame.properties ?? {};
  return {
    ...frame,
    properties: {
      ...rest,
      sources: named(sources, 'source'),
      transforms: list(transforms),
      sinks: named(sinks, 'sink'),
    },
  };
}

function toCondition({ kind, type, resolved }: ListedPlugin): JsonSchema {
  const isNeeded = (jsonSchemaOf(resolved.plugin).required ?? []).length > 0;
  return {
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: { options: { $ref: `#/$defs/${definitionName(kind, type)}` } },
      ...(isNeeded && { required: ['options'] }),
    },
    if: { properties: { type: { const: type } }, required: ['type'] },
  };
}

function mapValues(
  record: Readonly<Record<string, JsonSchema>>,
  convert: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}
