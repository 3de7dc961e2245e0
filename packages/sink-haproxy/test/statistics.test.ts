import type { Endpoint } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { haproxy } from '../src/index.ts';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('statistics', () => {
  it('are told by services and endpoints, also by a sink that applied nothing', async () => {
    await using one = await startOrigin('one');
    const port = await freePort();
    const dead = await freePort();
    const shop = makeService('mesos:/shop#http', {
      port,
      healthCheck: { kind: 'tcp', intervalMs: 200, failures: 1 },
      endpoints: [makeEndpoint(one.port, { address: 'localhost' }), makeEndpoint(dead)],
    });
    const catalog = bench.catalog(shop, makeService('mesos:/idle#0'));
    await sync(bench.createSink(), catalog, bench);
    await expect.poll(() => bench.ask('show stat -1 4 -1'), { timeout: 10_000 }).toContain(',DOWN,');
    for (let count = 0; count < 3; count += 1) await request(port);
    // HAProxy counts a request when it is over, a moment after its answer.
    const read = async () => bench.createSink().statistics!(catalog, bench.context);
    await expect.poll(async () => (await read()).services.get(shop.id)?.responses?.['2xx']).toBe(3);

    const { services, target } = await read();
    expect([...services.keys()]).toEqual(['mesos:/idle#0', 'mesos:/shop#http']);
    const counted = services.get(shop.id);
    expect(counted).toMatchObject({ totalRequests: 3, totalSessions: 3, currentSessions: 0, queuedRequests: 0 });
    expect(counted?.bytesOut).toBeGreaterThan(0);
    expect(counted?.averageResponseMs).toBeGreaterThanOrEqual(0);
    const [up, down] = shop.endpoints.map(({ id }) => counted?.endpoints.get(id));
    expect(up).toMatchObject({ state: 'up', totalSessions: 3, responses: { '2xx': 3, '5xx': 0 } });
    expect(down).toMatchObject({
      state: 'down',
      lastCheck: expect.stringMatching(/^Layer4 connection problem: .*Connection refused/),
    });
    expect(services.get('mesos:/idle#0')).toMatchObject({ totalRequests: 0, endpoints: new Map() });
    expect(services.get('mesos:/idle#0')).not.toHaveProperty('averageResponseMs');
    expect(target).toMatchObject({ currentConnections: expect.any(Number), oldWorkers: 0, reloads: 0 });
  });

  it('say what state an endpoint is in, and leave out what HAProxy does not know', async () => {
    const port = await freePort();
    const endpoints: Endpoint[] = [
      makeEndpoint(20_001),
      makeEndpoint(20_002, { draining: true }),
      makeEndpoint(20_003, { weight: 0 }),
      makeEndpoint(20_004),
    ];
    const sink = bench.createSink();
    const all = makeService('mesos:/shop#http', {
      port,
      endpoints: endpoints.map((one) => ({ ...one, draining: false })),
    });
    await sync(sink, bench.catalog(all), bench);
    const catalog = bench.catalog({ ...all, endpoints });
    await sync(sink, catalog, bench);
    const [, backend, server] =
      / (a_\S+) \d+ (e_\S+) 127\S+ .* 20004 /.exec(await bench.ask('show servers state')) ?? [];
    await bench.ask(`set server ${backend}/${server} state maint`);

    const later = bench.catalog({ ...all, endpoints: [...endpoints, makeEndpoint(20_005)] });
    const { services } = await sink.statistics!(later, bench.context);
    const states = [...(services.get(all.id)?.endpoints ?? [])].map(([id, { state }]) => [id, state]);
    expect(states).toEqual([
      ['task-20001', 'unchecked'],
      ['task-20002', 'draining'],
      ['task-20003', 'draining'],
      ['task-20004', 'maintenance'],
    ]);
  });

  it('count what waits, and hold up no apply while they are read', async () => {
    const port = await freePort();
    const sink = bench.createSink();
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) });
    await sync(sink, bench.catalog(shop(20_001)), bench);
    const catalog = bench.catalog(shop(20_001, 20_002));
    const [reading, plan] = await Promise.all([sink.statistics!(catalog, bench.context), sync(sink, catalog, bench)]);
    expect(plan.changes).toHaveLength(1);
    expect(reading.services.get('mesos:/shop#http')?.queuedRequests).toBe(0);
  });

  it('of a HAProxy that does not run are an error that says so', async () => {
    const sink = haproxy({ config: bench.config, manage: true });
    await expect(sink.statistics!(bench.catalog(), bench.context)).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
      hint: expect.stringContaining('check that HAProxy runs'),
    });
  });
});
