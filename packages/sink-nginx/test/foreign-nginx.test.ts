import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, request } from '@signalbox/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stopNginx } from '../src/control/process.ts';
import { nginxOptions } from '../src/options.ts';
import { toSettings } from '../src/settings.ts';
import { modes, summaries, sync } from './support/bench.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';

let bench: RoutingBench;
let pidFile: string;
beforeEach(async () => {
  bench = await createRoutingBench('a.test');
  pidFile = join(bench.directory, 'theirs.pid');
});
afterEach(async () => {
  const options = { ...bench.options, manage: false, pidFile };
  await stopNginx(toSettings(nginxOptions.parse(options)), bench.context.signal);
  await bench.close();
});

it.each(modes)('takes over an nginx that others started, by a signal, mode %s', async (mode) => {
  const port = await freePort();
  const place = bench.directory;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${place}/${name};`,
  );
  const theirs = [
    `pid ${pidFile}; error_log ${place}/theirs.log;`,
    `events {} http { access_log off; ${temporary.join(' ')}`,
    `server { listen 127.0.0.1:${port}; return 200 theirs; } }`,
  ];
  await writeFile(bench.config, theirs.join('\n'));
  await once(spawn('nginx', ['-c', bench.config], { stdio: 'ignore' }), 'exit');
  expect((await request(port)).body).toBe('theirs');
  const pid = await readFile(pidFile, 'utf8');
  const sink = bench.createSink({ manage: false, pidFile, mode });
  const catalog = bench.catalog(await bench.serve('ours', { hostnames: ['a.test'] }));
  const plan = await sync(sink, catalog, bench);
  expect(summaries(plan)).toContain('nginx reloads: it runs a configuration that is not ours');
  expect((await bench.request()).body).toBe('ours');
  expect(await readFile(pidFile, 'utf8')).toBe(pid);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('without a process there is nothing to do but to say so', async () => {
  const sink = bench.createSink({ manage: false, pidFile });
  await expect(sink.plan(bench.catalog(), bench.context)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
  await expect(sink.probe?.(bench.context)).rejects.toThrow('names no process of it');
});
