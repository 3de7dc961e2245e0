import type { OptionsSchema } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { nginx } from '@signalbox/sink-nginx';
import { template } from '@signalbox/sink-template';
import { dns } from '@signalbox/source-dns';
import { file } from '@signalbox/source-file';
import { http } from '@signalbox/source-http';
import { marathon } from '@signalbox/source-marathon';
import { mesosDns } from '@signalbox/source-mesos-dns';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../packages/cli/src/config/json-schema.ts';
import { type Property, readProperties } from './interfaces/read-properties.ts';

/** Options that are written twice, for those who write TypeScript and for those who write YAML. */
const described: readonly [folder: string, interfaceName: string, schema: OptionsSchema<unknown>][] = [
  ['sink-haproxy', 'HaproxyOptions', haproxy.options],
  ['sink-nginx', 'NginxOptions', nginx.options],
  ['sink-template', 'TemplateOptions', template.options],
  ['source-dns', 'DnsOptions', dns.options],
  ['source-file', 'FileOptions', file.options],
  ['source-http', 'HttpOptions', http.options],
  ['source-marathon', 'MarathonOptions', marathon.options],
  ['source-mesos-dns', 'MesosDnsOptions', mesosDns.options],
];

test.each(described)(
  '%s: the docstrings of %s name the defaults of its schema',
  (folder, interfaceName, { '~standard': standard }) => {
    const schema = standard.jsonSchema.input({ target: 'draft-2020-12' }) as JsonSchema;
    const properties = readProperties(`packages/${folder}/src/options.ts`, interfaceName);
    const compared = [...compare(properties, schema, { prefix: '', above: '' })];
    expect(compared.length).toBeGreaterThan(0);
    expect(Object.fromEntries(compared.map(({ path, said }) => [path, said]))).toEqual(
      Object.fromEntries(compared.map(({ path, is }) => [path, is])),
    );
  },
);

interface Comparison {
  readonly path: string;
  /** The default in words of JavaScript; undefined when the docstring says none, or describes it. */
  readonly said: string | undefined;
  readonly is: string | undefined;
}

/** Every option of which either side says a default. */
function* compare(
  properties: readonly Property[],
  schema: JsonSchema,
  { prefix, above }: { readonly prefix: string; readonly above: string },
): Iterable<Comparison> {
  const names = new Set(properties.map(({ name }) => name));
  for (const name of Object.keys(schema.properties ?? {})) {
    if (!names.has(name)) yield { path: `${prefix}${name}`, said: 'is none', is: 'is an option' };
  }
  for (const { name, documentation, properties: nested } of properties) {
    const path = `${prefix}${name}`;
    const inSchema = schema.properties?.[name];
    if (inSchema === undefined) {
      yield { path, said: 'is an option', is: 'is none' };
      continue;
    }
    const [said, is] = [saidDefault(documentation) ?? saidAbove(above, name), actualDefault(inSchema)];
    if (said !== undefined || is !== undefined) yield { path, said, is };
    const object = objectIn(inSchema);
    if (object !== undefined) yield* compare(nested, object, { prefix: `${path}.`, above: documentation });
  }
}

/** `Default 5000.`, `Default: true;`, "Default `auto`." and "`auto` (default)" say a value; everything else describes it. */
function saidDefault(documentation: string): string | undefined {
  const [, marked] = /`([^`]+)` \(default\)/.exec(documentation) ?? [];
  if (marked !== undefined) return marked;
  const [, quoted, plain] = /\bDefault:? (?:`([^`]+)`|(-?\d+|true|false))(?=[.,;:]|$)/.exec(documentation) ?? [];
  return quoted?.replace(/^'(.*)'$/, '$1') ?? plain;
}

/** "`minIntervalMs` is 2000 and `jitterMs` 200 by default": said where the options of a proxy take those of the kit. */
function saidAbove(documentation: string, name: string): string | undefined {
  return documentation.includes('by default')
    ? new RegExp(`\`${name}\` (?:is )?(\\d+)`).exec(documentation)?.[1]
    : undefined;
}

/** Undefined for none, and for an empty list or object. */
function actualDefault({ default: value }: JsonSchema): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : `[${value.map((item) => `'${item}'`).join(', ')}]`;
  if (typeof value === 'object') return undefined;
  return String(value);
}

/** The object that an option is or may be, or that a list of them has. */
function objectIn(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties !== undefined) return schema;
  if (typeof schema.items === 'object') return objectIn(schema.items);
  return (schema.anyOf ?? []).map(objectIn).find((found) => found !== undefined);
}
