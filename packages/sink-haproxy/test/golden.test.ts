import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type Service, silentLogger } from '@signalbox/core';
import { catalogOf } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HaproxyOptions, haproxy } from '../src/index.ts';

interface GoldenCase {
  readonly description: string;
  readonly options: Partial<HaproxyOptions>;
  readonly services: readonly Service[];
}

const run = promisify(execFile);
const root = join(import.meta.dirname, 'golden');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'haproxy-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('golden files', async () => {
  for (const name of await readdir(root)) {
    const { description, options, services } = JSON.parse(
      await readFile(join(root, name, 'case.json'), 'utf8'),
    ) as GoldenCase;

    it(`${name}: ${description}`, async () => {
      const sink = haproxy({ spareBackends: 0, ...options, config: join(directory, 'haproxy.cfg'), manage: true });
      const context = { id: 'edge', signal: new AbortController().signal, logger: silentLogger };
      const files = (await sink.render?.(catalogOf(services), context)) ?? new Map<string, string>();
      // Digests of texts that hold the temporary path.
      const readable = [...files].filter(([path]) => basename(path) !== 'structure.map');
      const sections = readable.map(([path, text]) => `### ${basename(path)}\n${text}`).reverse();
      const { warnings } = await sink.plan(catalogOf(services), context);
      const list = warnings.map(({ service, message }) => `${JSON.stringify(service)} ${message}\n`);
      // Two digests of what holds the temporary path: of the text, and of the path.
      const text = [...sections, `### warnings\n${list.join('')}`]
        .join('\n')
        .replaceAll(directory, '/etc/haproxy')
        .replace(/description [0-9a-f]{64}/, 'description <hash>')
        // Profiles with checks name a map by its path.
        .replaceAll(/(?<=defaults d_(?:http|tcp)-)[0-9a-f]{8}/g, '<digest>')
        // They stand in the order of their digests, so in another one for each path.
        .replace(/(?:^defaults d_(?:http|tcp)-<digest>\n(?: .*\n|\n)*)+/gm, (profiles) =>
          profiles
            .split(/^(?=defaults )/m)
            .sort()
            .join(''),
        )
        .replace(/(?<=abns@signalbox-)[0-9a-f]{12}/g, '<digest>');
      await expect(text).toMatchFileSnapshot(join(root, name, 'expected.cfg'));

      // From 3.3 on a frontend and a backend cannot share a name.
      const names = [...text.matchAll(/^(?:frontend|backend) (\S+)/gm)].map(([, proxy]) => proxy);
      expect(names).toEqual([...new Set(names)]);

      await mkdir(join(directory, 'signalbox'));
      for (const [path, content] of files) await writeFile(path, content);
      // Rejects when HAProxy refuses the file.
      await run('haproxy', ['-c', '-f', join(directory, 'haproxy.cfg')]);
    });
  }
});
