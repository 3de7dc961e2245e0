import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type ErrorCode, errorCodes, type OptionsSchema, PipelineError } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { nginx } from '@signalbox/sink-nginx';
import { template } from '@signalbox/sink-template';
import { dns } from '@signalbox/source-dns';
import { file } from '@signalbox/source-file';
import { http } from '@signalbox/source-http';
import { marathon } from '@signalbox/source-marathon';
import { mesosDns } from '@signalbox/source-mesos-dns';
import drain from '@signalbox/transforms/drain';
import filter from '@signalbox/transforms/filter';
import merge from '@signalbox/transforms/merge';
import rename from '@signalbox/transforms/rename';
import route from '@signalbox/transforms/route';
import weight from '@signalbox/transforms/weight';
import { exitCodeMeanings } from 'signalbox';
import { metrics } from '../../../packages/cli/src/admin/metrics.ts';
import { frameSchema } from '../../../packages/cli/src/config/frame.ts';
import type { JsonSchema } from '../../../packages/cli/src/config/json-schema.ts';
import { scenarioSchema } from '../../../packages/cli/src/scenarios/scenario-file.ts';
import { describeCommands } from './command-line.ts';
import { describeContracts } from './contract.ts';
import { fillPage, type PartWriters } from './fill-page.ts';
import { formatTable } from './markdown.ts';
import { optionsTable } from './options-table.ts';

const docs = new URL('../', import.meta.url);
const root = new URL('../../', docs);

/** Every page that has parts written by this program, by its path below `apps/docs`, with these parts as they should be. */
export async function generatePages(): Promise<ReadonlyMap<string, string>> {
  const parts = await generateParts();
  const writers: PartWriters = {
    snippet: fenceFile,
    generated: (name) => parts.get(name) ?? fail(`no part is called ${name}`),
  };
  const pages = new Map<string, string>();
  for (const path of await listPages()) {
    const text = await readFile(new URL(path, docs), 'utf8');
    if (/^<!-- (snippet|generated): /m.test(text)) pages.set(path, fillPage(text, writers));
  }
  return pages;
}

async function generateParts(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['marathon-options', optionsTable(schemaOf(marathon.options))],
    ['mesos-dns-options', optionsTable(schemaOf(mesosDns.options))],
    ['file-options', optionsTable(schemaOf(file.options))],
    ['http-options', optionsTable(schemaOf(http.options))],
    ['dns-options', optionsTable(schemaOf(dns.options))],
    ['haproxy-options', optionsTable(schemaOf(haproxy.options))],
    ['nginx-options', optionsTable(schemaOf(nginx.options))],
    ['template-options', optionsTable(schemaOf(template.options))],
    ['filter-options', optionsTable(schemaOf(filter.options))],
    ['merge-options', optionsTable(schemaOf(merge.options))],
    ['rename-options', optionsTable(schemaOf(rename.options))],
    ['weight-options', optionsTable(schemaOf(weight.options))],
    ['drain-options', optionsTable(schemaOf(drain.options))],
    ['route-options', optionsTable(schemaOf(route.options))],
    ['configuration', optionsTable(schemaOf(frameSchema))],
    ['scenarios', optionsTable(withoutServices(schemaOf(scenarioSchema)))],
    ['error-codes', describeErrorCodes()],
    ['exit-codes', describeExitCodes()],
    ['metrics', describeMetrics()],
    ['command-line', await describeCommands()],
    ['contract', describeContracts()],
  ]);
}

async function listPages(): Promise<readonly string[]> {
  const names = await readdir(docs, { recursive: true });
  return names.filter((name) => name.endsWith('.md') && !/^(node_modules|\.vitepress)\b/.test(name)).sort();
}

function fenceFile(path: string): string {
  return `\`\`\`${extname(path).slice(1)}\n${readFileSync(new URL(path, root), 'utf8').trimEnd()}\n\`\`\``;
}

function fail(message: string): never {
  throw new Error(message);
}

/** As options are written, before defaults. */
function schemaOf(options: OptionsSchema<unknown>): JsonSchema {
  return options['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as JsonSchema;
}

/** Everything but the keys of services, which are those of the model. */
function withoutServices(schema: JsonSchema): JsonSchema {
  const isService = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'properties' in value && 'endpoints' in (value.properties as object);
  const text = JSON.stringify(schema, (_key, value) => (isService(value) ? { type: 'object' } : value));
  return JSON.parse(text) as JsonSchema;
}

function describeErrorCodes(): string {
  return Object.entries(errorCodes)
    .map(([code, meaning]) => {
      return `## ${code}\n\n${meaning} _${describeRetry(code as ErrorCode)}_`;
    })
    .join('\n\n');
}

/** A sink is asked again whatever it said, a source by whether the failure can pass. */
function describeRetry(code: ErrorCode): string {
  const { retryable } = new PipelineError('', { code });
  if (code === 'SINK_TARGET_CHANGED') return 'Planned again at once; with backoff when it happens twice in a row.';
  if (retryable || code.startsWith('SINK_')) return 'Tried again, with backoff.';
  return code.startsWith('SOURCE_')
    ? 'Does not pass by itself; tried again once a minute.'
    : 'Does not pass by itself.';
}

function describeExitCodes(): string {
  return formatTable([['Code', 'Meaning'], ...exitCodeMeanings.map(([code, meaning]) => [String(code), meaning])]);
}

function describeMetrics(): string {
  const rows = Object.values(metrics).map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  return formatTable([['Metric', 'Type', 'Labels', 'Meaning'], ...rows]);
}
