import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Service } from '@signalbox/core';
import { catalogOf } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NginxOptions } from '../src/index.ts';
import { type Bench, createBench, modes } from './support/bench.ts';

interface GoldenCase {
  readonly description: string;
  readonly options: Partial<NginxOptions>;
  readonly services: readonly Service[];
}

const root = join(import.meta.dirname, 'golden');

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

/** That nginx takes such files is shown by the plan, which checks them: a service that it refuses would be among the warnings. */
describe.each(modes)('golden files, mode %s', async (mode) => {
  for (const name of await readdir(root)) {
    const { description, options, services } = JSON.parse(
      await readFile(join(root, name, 'case.json'), 'utf8'),
    ) as GoldenCase;

    it(`${name}: ${description}`, async () => {
      const sink = bench.createSink({ ...options, mode });
      const files = (await sink.render?.(catalogOf(services), bench.context)) ?? new Map<string, string>();
      const shown = [...files].filter(([path]) => !path.endsWith('.lua')).reverse();
      const { warnings } = await sink.plan(catalogOf(services), bench.context);
      const list = warnings.map(({ service, message }) => `${JSON.stringify(service)} ${message}\n`);
      const sections = shown.map(([path, text]) => `### ${basename(path)}\n${text}`);
      // The hash is of a text that holds the temporary path; where modules are depends on the system.
      const text = [...sections, `### warnings\n${list.join('')}`]
        .join('\n')
        .replaceAll(bench.directory, '/etc/nginx')
        .replaceAll(/[0-9a-f]{64}/g, '<hash>')
        .replaceAll(/^load_module \S*\//gm, 'load_module modules/');
      await expect(text).toMatchFileSnapshot(join(root, name, `expected-${mode}.conf`));
    });
  }
});
