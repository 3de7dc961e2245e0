import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { startRelay } from './support/relay.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('endpoints', () => {
  it('come and go without a reload', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const port = await freePort();
    const sink = bench.createSink({ drainTimeoutMs: 60_000 });
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) });

    const first = await sync(sink, bench.catalog(shop(one.port)), bench);
    expect(summaries(first)).toContain('haproxy process started');
    expect(await request(port)).toMatchObject({ status: 200, body: 'one' });
    const pid = await bench.pid();

    const second = await sync(sink, bench.catalog(shop(one.port, two.port)), bench);
    expect(summaries(second)).toEqual([`server 127.0.0.1:${two.port} added`]);
    expect(second.changes[0]).toMatchObject({ action: 'runtime', services: ['mesos:/shop#http'] });
    const bodies = new Set<string>();
    for (let count = 0; count < 10; count += 1) bodies.add((await request(port)).body);
    expect(bodies).toEqual(new Set(['one', 'two']));

    const catalog = bench.catalog(shop(two.port));
    const third = await sync(sink, catalog, bench);
    expect(summaries(third)).toEqual([`server 127.0.0.1:${one.port} drained`]);
    for (let count = 0; count < 5; count += 1) expect((await request(port)).body).toBe('two');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('that went are put into maintenance after the drain time, and come back as they were', async () => {
    const port = await freePort();
    const sink = bench.createSink();
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) });
    await sync(sink, bench.catalog(shop(20_001, 20_002)), bench);
    await sync(sink, bench.catalog(shop(20_002)), bench);
    await sleep(250);
    const catalog = bench.catalog(shop(20_002));
    expect(summaries(await sync(sink, catalog, bench))).toEqual(['server 127.0.0.1:20001 put into maintenance']);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const back = bench.catalog(shop(20_001, 20_002));
    expect(summaries(await sync(sink, back, bench))).toEqual(['server 127.0.0.1:20001 back in service']);
    expect((await sink.plan(back, bench.context)).changes).toEqual([]);
  });

  it('that drain at their source take no new requests and stay until the source drops them', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const port = await freePort();
    const sink = bench.createSink();
    const shop = (draining: boolean) =>
      makeService('mesos:/shop#http', {
        port,
        endpoints: [makeEndpoint(one.port, { draining }), makeEndpoint(two.port)],
      });
    await sync(sink, bench.catalog(shop(false)), bench);
    expect(summaries(await sync(sink, bench.catalog(shop(true)), bench))).toEqual([
      `server 127.0.0.1:${one.port} drained`,
    ]);
    for (let count = 0; count < 5; count += 1) expect((await request(port)).body).toBe('two');
    await sleep(250);
    expect((await sink.plan(bench.catalog(shop(true)), bench.context)).changes).toEqual([]);
    expect(summaries(await sync(sink, bench.catalog(shop(false)), bench))).toEqual([
      `server 127.0.0.1:${one.port} back in service`,
    ]);
  });

  it('change their weight at runtime', async () => {
    const port = await freePort();
    const sink = bench.createSink();
    const shop = (weight: number) =>
      makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(20_001, { weight })] });
    await sync(sink, bench.catalog(shop(10)), bench);
    const plan = await sync(sink, bench.catalog(shop(0)), bench);
    expect(summaries(plan)).toEqual(['server 127.0.0.1:20001 gets weight 0 instead of 10']);
  });

  it('that nobody vouches for wait for their first check, so that a dead one costs no request', async () => {
    await using alive = await startOrigin('alive');
    const port = await freePort();
    const dead = await freePort();
    const sink = bench.createSink();
    const healthCheck = { kind: 'tcp', intervalMs: 500 } as const;
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', {
        port,
        healthCheck,
        endpoints: ports.map((number) => makeEndpoint(number, { health: 'unknown' })),
      });
    await sync(sink, bench.catalog(shop(alive.port)), bench);
    await sync(sink, bench.catalog(shop(alive.port, dead)), bench);
    const state = await bench.ask('show servers state');
    expect(state).toMatch(new RegExp(` e_\\w+ 127\\.0\\.0\\.1 0 0 .* ${dead} `));
    for (let count = 0; count < 5; count += 1) expect((await request(port)).body).toBe('alive');
  });

  it('in a thousand services cost what changed', async () => {
    const services = Array.from({ length: 1_000 }, (_, index) =>
      makeService(`mesos:/app-${index}#0`, { endpoints: [makeEndpoint(20_000 + index)] }),
    );
    const options = { servicePorts: false, drainTimeoutMs: 60_000 };
    await sync(bench.createSink(options), bench.catalog(...services), bench);
    await using relay = await startRelay(bench.directory);
    const sink = bench.createSink(options);
    await sync(sink, bench.catalog(...services), bench);
    for (let round = 0; round < 3; round += 1) {
      services[7] = makeService('mesos:/app-7#0', { endpoints: [makeEndpoint(30_000 + round)] });
      relay.take();
      const plan = await sync(sink, bench.catalog(...services), bench);
      expect(plan.changes).toHaveLength(2);
      const commands = relay.take().flat();
      expect(commands).toContainEqual(expect.stringMatching(/^add server /));
      // Those of the two changes, and a few that ask what there is.
      expect(commands.length).toBeLessThan(20);
    }
  });
});

describe('changes by other hands', () => {
  it('at the socket are seen at the next full look, and repaired', async () => {
    const port = await freePort();
    const sink = bench.createSink();
    const catalog = bench.catalog(makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(20_001)] }));
    await sync(sink, catalog, bench);
    const [, backend, server] = / (a_\S+) \d+ (e_\S+) /.exec(await bench.ask('show servers state')) ?? [];
    await bench.ask(`set server ${backend}/${server} state maint`);
    await bench.ask(`del map ${bench.directory}/signalbox/port.map ${port}`);
    expect(summaries(await sync(sink, catalog, bench))).toEqual([
      'server 127.0.0.1:20001 back in service',
      `port ${port} led to backend ${backend}`,
    ]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('between plan and apply make the plan void', async () => {
    const port = await freePort();
    // As if the apply did not follow its plan at once, however fast this machine is.
    const sink = bench.createSink({}, { trustMarkMs: 0 });
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) });
    await sync(sink, bench.catalog(shop(20_001)), bench);
    const plan = await sink.plan(bench.catalog(shop(20_001, 20_002)), bench.context);
    await bench.ask(`set map ${bench.directory}/signalbox/meta.map rev somebody-else`);
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED', retryable: true });
    expect(summaries(await sync(sink, bench.catalog(shop(20_001, 20_002)), bench))).toEqual([
      'server 127.0.0.1:20002 added',
    ]);
  });
});
