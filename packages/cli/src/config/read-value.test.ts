// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from './json-schema.ts';
import { ProblemCollector } from './problem-collector.ts';
import { readTree } from './read-tree.ts';
import { readValue } from './read-value.ts';

async function read(
  schema: z.ZodType,
  text: string,
  environment: Record<string, string> = {},
): Promise<{ value: unknown; problems: string[] }> {
  const problems = new ProblemCollector('file.yaml', text);
  const tree = await readTree(text, { environment, readFile: async () => '' }, problems);
  if (tree === undefined) throw new Error('the text of this test is no YAML');
  const value = readValue(tree, z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, [], problems);
  return { value, problems: problems.list().map(({ message, advice }) => `${message} (${advice})`) };
}

const timeoutMs = z.number().optional();

test('a property in milliseconds is written as a duration, at any depth', async () => {
  const schema = z.strictObject({
    timeoutMs,
    nested: z.strictObject({ timeoutMs }),
    list: z.array(z.strictObject({ timeoutMs })),
    record: z.record(z.string(), z.strictObject({ timeoutMs })),
    tuple: z.tuple([z.strictObject({ timeoutMs })]),
  });
  const text = `
timeout: 5s
nested: { timeout: 1m }
list: [{ timeout: 500ms }]
record: { any: { timeout: 0 } }
tuple: [{ timeout: 1h }]
`;
  expect(await read(schema, text)).toEqual({
    value: {
      timeoutMs: 5_000,
      nested: { timeoutMs: 60_000 },
      list: [{ timeoutMs: 500 }],
      record: { any: { timeoutMs: 0 } },
      tuple: [{ timeoutMs: 3_600_000 }],
    },
    problems: [],
  });
});

test('a property that only looks like one is left alone', async () => {
  const schema = z.strictObject({
    itemMs: z.string(),
    items: z.array(z.string()),
    timeout: z.string(),
    alarms: z.number(),
  });
  const text = 'itemMs: a\nitems: [b]\ntimeout: never\nalarms: 2\n';
  expect(await read(schema, text)).toEqual({
    value: { itemMs: 'a', items: ['b'], timeout: 'never', alarms: 2 },
    problems: [],
  });
});

test('a duration may have alternatives that are none', async () => {
  const schema = z.strictObject({
    timeoutMs: z.union([z.number(), z.literal(false)]),
    waitMs: z.union([z.number(), z.literal('auto')]),
  });
  expect((await read(schema, 'timeout: false\nwait: auto\n')).value).toEqual({ timeoutMs: false, waitMs: 'auto' });
  expect((await read(schema, 'timeout: 1s\nwait: 2s\n')).value).toEqual({ timeoutMs: 1_000, waitMs: 2_000 });
  expect((await read(schema, 'timeout: soon\nwait: true\n')).problems).toHaveLength(2);
});

test('the branch of a union is found by a constant, or by the keys that are written', async () => {
  const byConstant = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('http'), timeoutMs }),
    z.strictObject({ kind: z.literal('tcp'), waitMs: z.number() }),
  ]);
  expect((await read(byConstant, 'kind: tcp\nwait: 1s\n')).value).toEqual({ kind: 'tcp', waitMs: 1_000 });
  expect((await read(byConstant, 'kind: tcp\ntimeout: 1s\n')).problems).toEqual([
    'unknown key "timeout" (known keys: kind, wait)',
  ]);
  const byKeys = z.union([
    z.string(),
    z.strictObject({ basic: z.string(), timeoutMs }),
    z.strictObject({ bearer: z.string() }),
  ]);
  expect((await read(byKeys, 'basic: a\ntimeout: 1s\n')).value).toEqual({ basic: 'a', timeoutMs: 1_000 });
});

test('references within a schema are followed, also to itself', async () => {
  const tree: z.ZodType = z.strictObject({
    waitMs: z.number(),
    get children() {
      return z.array(tree).optional();
    },
  });
  expect((await read(tree, 'wait: 1s\nchildren: [{ wait: 2s, children: [{ wait: 3s }] }]\n')).value).toEqual({
    waitMs: 1_000,
    children: [{ waitMs: 2_000, children: [{ waitMs: 3_000 }] }],
  });
});

test('a leaf that is wholly one reference becomes what the schema wants; all others stay strings', async () => {
  const schema = z.strictObject({
    port: z.int(),
    on: z.boolean(),
    text: z.string(),
    either: z.union([z.string(), z.number()]),
    part: z.number(),
    bad: z.number(),
  });
  const text = ['port: ${PORT}', 'on: ${ON}', 'text: ${PORT}', 'either: ${PORT}', 'part: 1${PORT}', 'bad: ${ON}'].join(
    '\n',
  );
  expect((await read(schema, text, { PORT: '80', ON: 'true' })).value).toEqual({
    port: 80,
    on: true,
    text: '80',
    either: '80',
    part: '180',
    bad: 'true',
  });
});

test('a key without a value counts as absent', async () => {
  const schema = z.strictObject({ a: z.string().optional(), b: z.string().nullable() });
  expect(await read(schema, 'a:\nb:\n')).toEqual({ value: { b: null }, problems: [] });
});

test('anchors and aliases are resolved; one that leads to itself is a problem', async () => {
  const schema = z.strictObject({
    a: z.strictObject({ waitMs: z.number() }),
    b: z.strictObject({ waitMs: z.number() }),
  });
  expect((await read(schema, 'a: &x { wait: 1s }\nb: *x\n')).value).toEqual({
    a: { waitMs: 1_000 },
    b: { waitMs: 1_000 },
  });
  expect((await read(z.unknown(), 'a: &x [*x]\n')).problems).toEqual([
    'this alias leads back to itself (write the value out)',
  ]);
});
