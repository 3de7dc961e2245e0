import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync, syncOnce } from './support/services.ts';

const run = promisify(execFile);

/** Files of this process may not grow beyond this: as with a full disk, a write ends in the middle. Node ignores the signal that comes with it. */
async function limitFiles(bytes: number | 'unlimited'): Promise<void> {
  await run('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
}

let bench: Bench;
beforeEach(async () => {
  bench = await createBench({ drainTimeoutMs: 60_000 });
});
afterEach(async () => {
  await limitFiles('unlimited');
  await bench.close();
});

async function readFiles(): Promise<readonly string[]> {
  const names = ['haproxy.cfg', 'signalbox/port.map', 'signalbox/route.map', 'signalbox/meta.map'];
  return Promise.all(names.map((name) => readFile(join(bench.directory, name), 'utf8')));
}

it('a full disk holds up no runtime change, leaves every file as it was, is told, and heals', async () => {
  await using one = await startOrigin('one');
  await using two = await startOrigin('two');
  const [port, other] = [await freePort(), await freePort()];
  const sink = bench.createSink();
  const shop = (...ports: number[]) =>
    makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) });
  await sync(sink, bench.catalog(shop(one.port)), bench);
  const files = await readFiles();
  await limitFiles(500);

  // The configuration follows a runtime change a moment later; this time it cannot.
  const catalog = bench.catalog(shop(two.port));
  await sync(sink, catalog, bench);
  expect((await request(port)).body).toBe('two');
  const plan = async () => sink.plan(catalog, bench.context);
  await expect.poll(async () => summaries(await plan()), { timeout: 10_000 }).toEqual(['file brought up to date']);
  await expect(syncOnce(sink, catalog, bench)).rejects.toMatchObject({
    code: 'SINK_APPLY_FAILED',
    message: `writing "${bench.config}"`,
    hint: expect.stringContaining('free space on the disk'),
  });
  expect(await readFiles()).toEqual(files);

  // A change of structure cannot be had; the endpoint that moves together with it can.
  const pid = await bench.pid();
  const both = bench.catalog(
    shop(one.port),
    makeService('mesos:/new#http', { port: other, endpoints: [makeEndpoint(two.port)] }),
  );
  await expect(syncOnce(sink, both, bench)).rejects.toMatchObject({
    hint: expect.stringContaining('free space on the disk'),
  });
  expect((await request(port)).body).toBe('one');
  expect(await readFiles()).toEqual(files);
  expect(await bench.pid()).toBe(pid);

  await limitFiles('unlimited');
  await sync(sink, both, bench);
  expect((await request(other)).body).toBe('two');
  expect(await bench.readConfig()).toContain(`:${two.port} `);
  expect((await sink.plan(both, bench.context)).changes).toEqual([]);
});
