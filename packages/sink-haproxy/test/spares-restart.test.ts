import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog, Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import type { HaproxyOptions } from '../src/index.ts';
import { addsBackends, newPlaceOf } from './support/added-backends.ts';
import { freePort } from './support/origins.ts';
import { makeService, summaries, sync } from './support/services.ts';
import { createSpareBench, type SpareBench } from './support/spare-bench.ts';

let bench: SpareBench;
beforeEach(async () => {
  bench = await createSpareBench();
});
afterEach(() => bench.close());

describe('with a new service live', () => {
  it('another Signalbox finds everything as it was', async () => {
    const { sink, catalog } = await bringSecond();
    await sink[Symbol.asyncDispose]?.();
    const next = bench.createSink();
    expect((await next.plan(catalog, bench.context)).changes).toEqual([]);
    await sync(next, bench.catalog(...catalog.services.values(), bench.app('third')), bench);
    expect(await bench.backendOf('third')).toBe(newPlaceOf('third', 2));
    expect(await bench.backendOf('second')).toBe(newPlaceOf('second', 1));
  });

  it('another one beside it finds nothing to do, also while the files lag behind', async () => {
    const { sink, catalog } = await bringSecond();
    await expect.poll(() => bench.readConfig()).toContain(backendName('mesos:/second#0'));
    const pid = await bench.pid();
    const grown = bench.catalog(...catalog.services.values(), bench.app('third'));
    await sync(sink, grown, bench);
    // The process is ahead of the files for up to 250 ms.
    expect((await bench.createSink().plan(grown, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('a reload by others gives the service its own backend, and nothing is left to do', async () => {
    const { sink, catalog } = await bringSecond();
    await expect.poll(() => bench.readConfig()).toContain(backendName('mesos:/second#0'));
    const load = bench.load('second');
    await bench.reload();
    await sleep(200);
    expect((await load.stop()).failures).toEqual([]);
    expect(await bench.backendOf('second')).toBe(backendName('mesos:/second#0'));
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('HAProxy is killed, and comes back with the service in its own backend', async () => {
    const { sink, catalog } = await bringSecond();
    await expect.poll(() => bench.readConfig()).toContain(backendName('mesos:/second#0'));
    const master = Number(/^(\d+)/.exec(await readFile(join(bench.directory, 'signalbox/haproxy.pid'), 'utf8'))?.[1]);
    process.kill(await bench.pid(), 'SIGKILL');
    process.kill(master, 'SIGKILL');
    await expect.poll(() => bench.ask('show info').catch(() => 'gone')).toBe('gone');
    expect(summaries(await sync(sink, catalog, bench))).toContain('haproxy process started');
    expect((await bench.get('second')).body).toBe('origin');
    expect(await bench.backendOf('second')).toBe(backendName('mesos:/second#0'));
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('an entry that somebody took away costs the service another place, and no request', async () => {
    const { sink, catalog } = await bringSecond();
    const load = bench.load('second');
    const place = newPlaceOf('second', 1);
    await bench.ask(`del map ${bench.directory}/signalbox/${addsBackends ? 'structure' : 'spare'}.map ${place}`);
    await sync(sink, catalog, bench);
    expect(await bench.backendOf('second')).toBe(addsBackends ? 's_http_1' : 's_http_2');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect((await load.stop()).failures).toEqual([]);
  });

  it('a reload that fails leaves the service where it is', async () => {
    const { sink, catalog } = await bringSecond();
    await expect.poll(() => bench.readConfig()).toContain(backendName('mesos:/second#0'));
    await sink[Symbol.asyncDispose]?.();
    const config = await bench.readConfig();
    const occupied = await freePort();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(occupied, '127.0.0.1', resolve));
    const listeners = [
      ...(bench.options.listeners ?? []),
      { address: '127.0.0.1', port: occupied, protocol: 'http' } as const,
    ];
    const next = bench.createSink({ listeners });
    const load = bench.load('second');
    await expect((await next.plan(catalog, bench.context)).apply()).rejects.toMatchObject({ code: 'SINK_ROLLED_BACK' });
    expect((await load.stop()).failures).toEqual([]);
    expect(await bench.readConfig()).toBe(config);
    expect((await bench.get('second')).body).toBe('origin');
    await new Promise((resolve) => squatter.close(resolve));
    await sync(next, catalog, bench);
    expect(await bench.backendOf('second')).toBe(backendName('mesos:/second#0'));
    expect((await next.plan(catalog, bench.context)).changes).toEqual([]);
  });
});

describe('a service that goes', () => {
  it('keeps its place while its servers retire, and gets the same one when it returns', async () => {
    const { sink, catalog } = await bringSecond({ drainTimeoutMs: 200 });
    const pid = await bench.pid();
    const first = bench.app('first');
    await sync(sink, bench.catalog(first), bench);
    expect((await bench.get('second')).status).toBe(404);
    await sleep(300);
    const gone = bench.catalog(first);
    expect(summaries(await sync(sink, gone, bench))).toEqual([expect.stringContaining('put into maintenance')]);
    expect((await sink.plan(gone, bench.context)).changes).toEqual([]);
    await sync(sink, bench.catalog(first, bench.app('third')), bench);
    expect(await bench.backendOf('third')).toBe(newPlaceOf('third', 2));
    await sync(sink, bench.catalog(...catalog.services.values(), bench.app('third')), bench);
    expect(await bench.backendOf('second')).toBe(newPlaceOf('second', 1));
    expect((await bench.get('second')).body).toBe('origin');
    expect(await bench.pid()).toBe(pid);
  });

  it('also from its own backend, takes no reload, and finds that again when it returns', async () => {
    const sink = bench.createSink();
    const [first, second] = [bench.app('first'), bench.app('second')];
    await sync(sink, bench.catalog(first, second), bench);
    const pid = await bench.pid();
    await sync(sink, bench.catalog(first), bench);
    expect((await bench.get('second')).status).toBe(404);
    expect((await bench.createSink().plan(bench.catalog(first), bench.context)).changes).toEqual([]);
    await expect.poll(() => bench.readConfig()).not.toContain(backendName(second.id));
    await sync(sink, bench.catalog(first, second), bench);
    expect(await bench.backendOf('second')).toBe(backendName(second.id));
    expect((await bench.get('second')).body).toBe('origin');
    expect(await bench.pid()).toBe(pid);
  });
});

describe('a service that came after the last reload', () => {
  it('keeps what HAProxy knows of the health of its servers over a reload', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const dead = await freePort();
    const healthCheck = { kind: 'tcp', intervalMs: 60_000, failures: 1 } as const;
    const second = bench.app('second', { healthCheck });
    const [alive] = second.endpoints;
    const both = { ...second, endpoints: [alive!, { ...alive!, id: 'dead', port: dead }] };
    await sync(sink, bench.catalog(bench.app('first'), both), bench);
    await expect.poll(() => downServers(), { timeout: 10_000 }).toEqual([`${newPlaceOf('second', 1)} ${dead}`]);
    await sync(
      sink,
      bench.catalog(bench.app('first'), both, makeService('mesos:/new#0', { port: await freePort() })),
      bench,
    );
    // The next check is seconds away: this was handed over.
    expect(await downServers()).toEqual([`${backendName(second.id)} ${dead}`]);
  });
});

async function downServers(): Promise<readonly string[]> {
  const rows = (await bench.ask('show servers state')).split('\n').map((row) => row.split(' '));
  return rows.filter((row) => row[3]?.startsWith('e_') && row[5] === '0').map((row) => `${row[1]} ${row[18]}`);
}

async function bringSecond(options: Partial<HaproxyOptions> = {}): Promise<{ sink: Sink; catalog: Catalog }> {
  const sink = bench.createSink(options);
  await sync(sink, bench.catalog(bench.app('first')), bench);
  const catalog = bench.catalog(bench.app('first'), bench.app('second'));
  await sync(sink, catalog, bench);
  expect(await bench.backendOf('second')).toBe(newPlaceOf('second', 1));
  return { sink, catalog };
}
