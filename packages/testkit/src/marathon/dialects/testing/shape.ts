import { readFile } from 'node:fs/promises';

// biome-ignore lint/suspicious/noExplicitAny: samples and answers are compared as they are.
export type Any = any;

export async function readFixture(name: string): Promise<Any> {
  return JSON.parse(await readFixtureText(name));
}

export function readFixtureText(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
}

/**
 * What a value is made of: the keys of objects, `null`, and the kinds of the rest. Two values of one shape can be told apart only by their
 * contents. Values under the keys in `opaque` are written as `opaque`: their keys are data, or their value is one of several kinds.
 */
export function shapeOf(value: Any, opaque: ReadonlySet<string> = new Set()): Any {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, opaque));
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, opaque.has(key) ? 'opaque' : shapeOf(value[key], opaque)]),
  );
}
