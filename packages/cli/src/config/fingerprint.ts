import { createHash } from 'node:crypto';
import type { JsonSchema } from './json-schema.ts';
import { readValueWithoutSecrets } from './read-value.ts';
import type { ConfigNode } from './tree.ts';

/**
 * A short hash of a plugin's type and of its options, references resolved. Options that are marked `writeOnly` do not
 * count, nor does the order of keys: a password is changed often, and the plugin talks to the same upstream with it.
 */
export function fingerprintPlugin(type: string, options: ConfigNode, schema: JsonSchema): string {
  const text = JSON.stringify([type, sortKeys(readValueWithoutSecrets(options, schema))]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
