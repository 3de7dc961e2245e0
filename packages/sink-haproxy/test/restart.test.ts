import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const fileNames = ['haproxy.cfg', 'signalbox/port.map', 'signalbox/route.map'];

describe('Signalbox started again', () => {
  it('finds everything as it was', async () => {
    const { services } = await serveTwo();
    const pid = await bench.pid();
    const second = bench.createSink();
    const plan = await second.plan(bench.catalog(...services), bench.context);
    expect(plan.changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('after a kill -9 that left the files behind, brings only the files up to date', async () => {
    const { sink, services } = await serveTwo({ dispose: false });
    const pid = await bench.pid();
    const [shop, cart] = services;
    for (const name of fileNames) {
      await copyFile(join(bench.directory, name), join(bench.directory, name.replace('/', '-').concat('.old')));
    }
    const grown = { ...shop!, endpoints: [...shop!.endpoints, makeEndpoint(20_009)] };
    await sync(sink, bench.catalog(grown, cart!), bench);
    await sink[Symbol.asyncDispose]?.();
    for (const name of fileNames) {
      await copyFile(join(bench.directory, name.replace('/', '-').concat('.old')), join(bench.directory, name));
    }

    const second = bench.createSink();
    const catalog = bench.catalog(grown, cart!);
    const plan = await sync(second, catalog, bench);
    expect(plan.changes).toEqual([
      { action: 'update', target: bench.config, summary: 'file brought up to date', services: [] },
    ]);
    expect(await bench.readConfig()).toContain('127.0.0.1:20009');
    expect((await second.plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('makes the same bytes from services in another order', async () => {
    const { services } = await serveTwo();
    const before = await bench.readConfig();
    const shuffled = services
      .toReversed()
      .map((service) => ({ ...service, endpoints: service.endpoints.toReversed() }));
    const files = await bench.createSink().render?.(bench.catalog(...shuffled), bench.context);
    expect(files?.get(bench.config)).toBe(before);
  });

  it('takes out what went while it was away', async () => {
    const { services } = await serveTwo();
    const [shop, cart] = services;
    const second = bench.createSink();
    const plan = await sync(second, bench.catalog({ ...shop!, endpoints: shop!.endpoints.slice(1) }, cart!), bench);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect(summaries(plan)[0]).toMatch(/ drained$/);
  });
});

describe('HAProxy', () => {
  it('killed is noticed and started again', async () => {
    const { sink, services, port } = await serveTwo({ dispose: false });
    const watching = firstChange(sink);
    const master = Number(/^(\d+)/.exec(await readFile(join(bench.directory, 'signalbox/haproxy.pid'), 'utf8'))?.[1]);
    process.kill(await bench.pid(), 'SIGKILL');
    process.kill(master, 'SIGKILL');
    expect(await watching).toBe('HAProxy does not answer');
    const plan = await sync(sink, bench.catalog(...services), bench);
    expect(summaries(plan)).toContain('haproxy process started');
    expect((await request(port)).status).toBe(200);
  });

  it('reloaded by others runs what it ran, and nothing has to be done', async () => {
    const { sink, services } = await serveTwo({ dispose: false });
    const catalog = bench.catalog(services[0]!, {
      ...services[1]!,
      endpoints: [makeEndpoint(20_003), makeEndpoint(20_008)],
    });
    await sync(sink, catalog, bench);
    // The files follow within 250 ms.
    await expect.poll(() => bench.readConfig()).toContain(':20008');
    const pid = await bench.pid();
    const watching = firstChange(sink);
    await bench.reload();
    expect(await watching).toBe('HAProxy was changed or reloaded by others');
    expect(await bench.pid()).not.toBe(pid);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });
});

describe('a configuration edited by hand', () => {
  it('is noticed, kept for its author and written again without a reload', async () => {
    const { sink, services } = await serveTwo({ dispose: false });
    const good = await bench.readConfig();
    const pid = await bench.pid();
    await writeFile(bench.config, `${good}# mine\n`);
    expect(await firstChange(sink)).toContain('was changed by others');
    const plan = await sync(sink, bench.catalog(...services), bench);
    expect(summaries(plan)).toEqual([
      expect.stringMatching(/^file was edited by others and is written again; .*haproxy\.cfg\.edited$/),
    ]);
    expect(await bench.readConfig()).toBe(good);
    expect(await readFile(join(bench.directory, 'signalbox/haproxy.cfg.edited'), 'utf8')).toContain('# mine');
    expect(await bench.pid()).toBe(pid);
  });

  it('between plan and apply makes the plan void', async () => {
    const { sink, services } = await serveTwo({ dispose: false });
    const added = makeService('mesos:/new#0', { port: await freePort() });
    const plan = await sink.plan(bench.catalog(...services, added), bench.context);
    expect(plan.changes.map(({ action }) => action)).toContain('reload');
    await writeFile(bench.config, `${await bench.readConfig()}# mine\n`);
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  });
});

async function serveTwo({ dispose = true } = {}) {
  const port = await freePort();
  const origin = await startOrigin('one');
  const services = [
    makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(origin.port), makeEndpoint(20_002)] }),
    makeService('mesos:/cart#0', { endpoints: [makeEndpoint(20_003)] }),
  ];
  const sink = bench.createSink();
  await sync(sink, bench.catalog(...services), bench);
  if (dispose) await sink[Symbol.asyncDispose]?.();
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  return { sink, services, port };
}

async function firstChange(sink: Sink): Promise<unknown> {
  for await (const reason of sink.changes!(bench.context)) return reason;
  return undefined;
}
