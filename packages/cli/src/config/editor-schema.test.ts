// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { listPlugins } from '../plugins/list.ts';
import { createFolder, pluginModule } from '../testing/workspace.ts';
import { createEditorSchema } from './editor-schema.ts';
import type { JsonSchema } from './json-schema.ts';

const named = `
sources: { a: { type: ./source.js } }
transforms: [{ type: ./transform.js }]
sinks: { b: { type: ./sink.js } }
`;

async function createSchema(): Promise<JsonSchema> {
  const folder = createFolder({
    'signalbox.yaml': named,
    'source.js': pluginModule({
      kind: 'source',
      options: `z.strictObject({
        url: z.url().meta({ description: 'Where it answers.' }),
        timeoutMs: z.number().default(5000).meta({ description: 'How long to wait.' }),
        retries: z.int().optional(),
        tls: z.boolean().optional(),
        password: z.string().optional().meta({ writeOnly: true }),
        get children() { return z.array(z.strictObject({ waitMs: z.number() })).optional(); },
      })`,
    }),
    'transform.js': pluginModule({
      kind: 'transform',
      options: `(() => { const tree = z.strictObject({ waitMs: z.number(), get next() { return tree.optional(); } }); return tree; })()`,
    }),
    'sink.js': pluginModule({ kind: 'sink' }),
  });
  const { plugins } = await listPlugins(join(folder, 'signalbox.yaml'));
  return createEditorSchema(plugins.filter(({ type }) => type.startsWith('./')));
}

const good = `
version: 1
stateDir: state
sources:
  a:
    type: ./source.js
    required: false
    guards: { maxRemovedPercent: 20, holdTimeout: 5m }
    options: { url: "http://a/", timeout: 1.5s, retries: "\${RETRIES}", tls: true, children: [{ wait: 0 }] }
  other: { type: npm:unknown, options: { anything: goes } }
transforms:
  - { type: ./transform.js, options: { wait: 1s, next: { wait: "\${WAIT}" } } }
sinks:
  b: { type: ./sink.js, settle: { min: 100ms, max: 2s }, resync: 30s }
resync: 1m
`;

test('the schema accepts good files', async () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(await createSchema());
  validate(parse(good.replaceAll('\\$', '$')));
  expect(validate.errors).toBeNull();
});

test.each([
  ['an unknown key', 'resync: 1m', 'resinc: 1m'],
  ['a duration without a unit', 'resync: 1m', 'resync: 60'],
  ['milliseconds as in TypeScript', 'resync: 1m', 'resyncMs: 60000'],
  ['a wrong constant', 'version: 1', 'version: 2'],
  ['a missing section', 'version: 1', ''],
  ['an unknown option of a plugin', 'timeout: 1.5s', 'timeuot: 1.5s'],
  ['a bad duration in an option', 'timeout: 1.5s', 'timeout: 5'],
  ['a bad duration in a list', '[{ wait: 0 }]', '[{ wait: 5 }]'],
  ['a bad duration behind a reference', 'next: { wait: "${WAIT}" }', 'next: { wait: 5 }'],
  ['a missing option', 'url: "http://a/", ', ''],
  ['missing options', 'options: { wait: 1s, next: { wait: "${WAIT}" } }', ''],
  ['a string that is no reference', '"${RETRIES}"', '"three"'],
  ['an unknown choice', 'maxRemovedPercent: 20', 'onEmpty: maybe'],
])('the schema refuses %s', async (_title, part, replacement) => {
  const text = good.replaceAll('\\$', '$');
  expect(text).toContain(part);
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(await createSchema());
  expect(validate(parse(text.replace(part, replacement)))).toBe(false);
});

test('options keep their descriptions, defaults and marks in written form', async () => {
  const { $defs } = await createSchema();
  expect($defs?.['source--source-js']?.properties).toMatchObject({
    timeout: { description: 'How long to wait.', default: '5s' },
    url: { description: 'Where it answers.' },
    password: { writeOnly: true },
  });
});
