import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startLoad } from '@signalbox/testkit/load';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, sync, syncOnce } from './support/services.ts';
import { makeStrictHaproxy } from './support/strict-haproxy.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('services', () => {
  it('come and go by reloads that lose no request', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const [portOne, portTwo] = [await freePort(), await freePort()];
    const sink = bench.createSink();
    const shop = makeService('mesos:/shop#http', { port: portOne, endpoints: [makeEndpoint(one.port)] });
    const cart = makeService('mesos:/cart#http', { port: portTwo, endpoints: [makeEndpoint(two.port)] });
    await sync(sink, bench.catalog(shop), bench);
    const pid = await bench.pid();
    const load = startLoad({ url: `http://127.0.0.1:${portOne}/`, connections: 4, ratePerSecond: 400 });
    for (let round = 0; round < 2; round += 1) {
      const plan = await sync(sink, bench.catalog(shop, cart), bench);
      expect(plan.changes.map(({ action }) => action)).toEqual(['create', 'reload']);
      expect((await request(portTwo)).body).toBe('two');
      await sync(sink, bench.catalog(shop), bench);
      await expect(request(portTwo)).rejects.toThrow();
    }
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect(await bench.pid()).not.toBe(pid);
  });

  it('of two with one port, the lowest id keeps it; the port moves at runtime', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const port = await freePort();
    const sink = bench.createSink();
    const early = (number: number | undefined) =>
      makeService('a:/early#0', {
        endpoints: [makeEndpoint(one.port)],
        ...(number === undefined ? {} : { port: number }),
      });
    const late = makeService('b:/late#0', { port, endpoints: [makeEndpoint(two.port)] });
    const plan = await sync(sink, bench.catalog(early(port), late), bench);
    expect(plan.warnings).toEqual([
      { message: `service port ${port} was left out: "a:/early#0" has it`, service: 'b:/late#0' },
    ]);
    expect((await request(port)).body).toBe('one');
    const pid = await bench.pid();
    const moved = await sync(sink, bench.catalog(early(undefined), late), bench);
    expect(moved.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect((await request(port)).body).toBe('two');
    expect(await bench.pid()).toBe(pid);
  });

  it('of tcp are carried byte by byte, those of udp are named', async () => {
    await using one = await startOrigin('one');
    const port = await freePort();
    const sink = bench.createSink();
    const { appProtocol: _, ...plain } = makeService('mesos:/raw#0', { port, endpoints: [makeEndpoint(one.port)] });
    const dns = makeService('mesos:/dns#0', { protocol: 'udp', port: 5353 });
    const plan = await sync(sink, bench.catalog(plain, dns), bench);
    expect((await request(port)).body).toBe('one');
    expect(plan.warnings.map(({ service }) => service)).toEqual(['mesos:/dns#0']);
  });

  it('whose port another process holds wait for it, and hold nobody up', async () => {
    await using one = await startOrigin('one');
    const [free, taken] = [await freePort(), await freePort()];
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    const sink = bench.createSink();
    const services = [
      makeService('a:/blocked#0', { port: taken, endpoints: [makeEndpoint(one.port)] }),
      makeService('b:/free#0', { port: free, endpoints: [makeEndpoint(one.port)] }),
    ];
    const catalog = bench.catalog(...services);
    const plan = await sync(sink, catalog, bench);
    expect(plan.warnings).toEqual([
      { message: `service port ${taken} was left out: another process listens on it`, service: 'a:/blocked#0' },
    ]);
    expect((await request(free)).body).toBe('one');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    await new Promise((resolve) => squatter.close(resolve));
    expect((await sync(sink, catalog, bench)).changes.map(({ action }) => action)).toEqual(['reload']);
    expect((await request(taken)).body).toBe('one');
  });
});

describe('a candidate that HAProxy refuses', () => {
  it('is put right by leaving out the guilty service, which is named with its words', async () => {
    await using one = await startOrigin('one');
    const ports = [await freePort(), await freePort(), await freePort()];
    const sink = bench.createSink({ binary: await makeStrictHaproxy(bench.directory, 'a_b-guilty') });
    const services = ['a:/fine#0', 'b:/guilty#0', 'c:/fine#0'].map((id, index) =>
      makeService(id, { port: ports[index]!, endpoints: [makeEndpoint(one.port)] }),
    );
    const catalog = bench.catalog(...services);
    const plan = await sync(sink, catalog, bench);
    expect(plan.warnings).toEqual([{ message: 'left out, HAProxy refuses it: no such thing', service: 'b:/guilty#0' }]);
    expect((await request(ports[0]!)).body).toBe('one');
    expect((await request(ports[2]!)).body).toBe('one');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('without a guilty service changes no byte, and holds no runtime change back', async () => {
    await using one = await startOrigin('one');
    const [port, other] = [await freePort(), await freePort()];
    const shop = makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(20_001)] });
    const before = bench.createSink();
    await sync(before, bench.catalog(shop), bench);
    await before[Symbol.asyncDispose]?.();
    const config = await bench.readConfig();
    const pid = await bench.pid();

    const sink = bench.createSink({ global: ['no-such-keyword'] });
    const moved = { ...shop, endpoints: [makeEndpoint(one.port)] };
    const plan = await sink.plan(bench.catalog(moved, makeService('mesos:/new#0', { port: other })), bench.context);
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_CHECK_FAILED' });
    expect((await request(port)).body).toBe('one');
    expect(await bench.readConfig()).toBe(config);
    expect(await bench.pid()).toBe(pid);
  });
});

describe('a reload that fails', () => {
  it('leaves files and process as they were, and is not repeated at once', async () => {
    await using one = await startOrigin('one');
    const port = await freePort();
    const shop = makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(one.port)] });
    const first = bench.createSink();
    await sync(first, bench.catalog(shop), bench);
    await first[Symbol.asyncDispose]?.();
    const config = await bench.readConfig();

    // The check passes, and the new worker does not find what it needs.
    const binary = await makeStrictHaproxy(bench.directory, 'no-such-word');
    await writeFile(join(bench.directory, 'wave-through'), '');
    const errorFile = join(bench.directory, '503.http');
    const sink = bench.createSink({ binary, defaults: [`errorfile 503 ${errorFile}`] });
    const catalog = bench.catalog(shop);
    await expect((await sink.plan(catalog, bench.context)).apply()).rejects.toMatchObject({ code: 'SINK_ROLLED_BACK' });
    expect(await bench.readConfig()).toBe(config);
    expect((await request(port)).body).toBe('one');
    const startMs = performance.now();
    const next = bench.catalog(shop);
    await expect((await sink.plan(next, bench.context)).apply()).rejects.toMatchObject({ code: 'SINK_ROLLED_BACK' });
    expect(performance.now() - startMs).toBeLessThan(1_000);
    await writeFile(errorFile, 'HTTP/1.0 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    await sync(sink, next, bench);
    expect(await bench.readConfig()).not.toBe(config);
  });
});

describe('a listener whose port another process holds', () => {
  it('is named, and no reload is tried for it; runtime changes go on, and it heals', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const [port, taken] = [await freePort(), await freePort()];
    const shop = (number: number) => makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(number)] });
    const first = bench.createSink();
    await sync(first, bench.catalog(shop(one.port)), bench);
    await first[Symbol.asyncDispose]?.();
    const pid = await bench.pid();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));

    const listeners = [{ address: '127.0.0.1', port: taken, protocol: 'http' }] as const;
    const sink = bench.createSink({ listeners });
    const catalog = bench.catalog(shop(two.port));
    await expect((await sink.plan(catalog, bench.context)).apply()).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
      message: `another process listens on 127.0.0.1:${taken}, which is a listener of this sink`,
      hint: expect.stringContaining(`sport = :${taken}`),
    });
    expect((await request(port)).body).toBe('two');
    expect(await bench.pid()).toBe(pid);
    await new Promise((resolve) => squatter.close(resolve));
    await sync(sink, catalog, bench);
    expect((await request(taken)).status).toBe(404);
    await sink[Symbol.asyncDispose]?.();

    // Its own ports are no obstacle, also not to a Signalbox that has just started.
    const again = bench.catalog(shop(two.port), makeService('mesos:/new#0'));
    await sync(bench.createSink({ listeners }), again, bench);
    expect((await request(taken)).status).toBe(404);
  });

  it('holds up the start, which says so', async () => {
    const taken = await freePort();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    const sink = bench.createSink({ listeners: [{ address: '127.0.0.1', port: taken, protocol: 'http' }] });
    const plan = await sink.plan(bench.catalog(), bench.context);
    await expect(plan.apply()).rejects.toMatchObject({ message: expect.stringContaining(`127.0.0.1:${taken}`) });
    await new Promise((resolve) => squatter.close(resolve));
    await sync(sink, bench.catalog(), bench);
    expect((await request(taken)).status).toBe(404);
  });
});

describe('a reload that comes too soon after another', () => {
  it('is put off, and holds up nothing that can be done at runtime', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const ports = [await freePort(), await freePort(), await freePort()];
    const sink = bench.createSink({ reload: { minIntervalMs: 3_000, jitterMs: 0 } });
    const both = [makeEndpoint(one.port), makeEndpoint(two.port)];
    const [shop, cart, mail] = ports.map((port, index) =>
      makeService(`mesos:/${index}#http`, { port, endpoints: both }),
    );
    if (shop === undefined || cart === undefined || mail === undefined) throw new Error('three services were made');
    await sync(sink, bench.catalog(shop), bench);
    expect((await sync(sink, bench.catalog(shop, cart), bench)).deferred).toBeUndefined();
    const pid = await bench.pid();

    const shrunk = { ...shop, endpoints: both.slice(0, 1) };
    const catalog = bench.catalog(shrunk, cart, mail);
    const plan = await syncOnce(sink, catalog, bench);
    expect(plan.changes.map(({ action, services }) => [action, services])).toEqual([['runtime', [shop.id]]]);
    expect(plan.deferred).toMatchObject({ reason: expect.stringContaining('between two reloads') });
    expect(await bench.pid()).toBe(pid);
    for (let count = 0; count < 4; count += 1) expect((await request(shop.port ?? 0)).body).toBe('one');

    await sync(sink, catalog, bench);
    expect((await request(mail.port ?? 0)).body).toMatch(/one|two/);
    expect(await bench.pid()).not.toBe(pid);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });
});
