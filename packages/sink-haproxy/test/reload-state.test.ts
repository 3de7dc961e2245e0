import { startLoad } from '@signalbox/testkit/load';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench({ drainTimeoutMs: 60_000 });
});
afterEach(() => bench.close());

interface Row {
  readonly port: number;
  readonly operational: number;
  readonly admin: number;
  readonly weight: number;
}

async function rows(): Promise<ReadonlyMap<number, Row>> {
  const text = await bench.ask('show servers state');
  const found = [...text.matchAll(/ e_\S+ 127\.0\.0\.1 (\d+) (\d+) (\d+) .* (\d+) - 0 0/g)];
  return new Map(
    found.map(([, operational, admin, weight, port]) => [
      Number(port),
      { port: Number(port), operational: Number(operational), admin: Number(admin), weight: Number(weight) },
    ]),
  );
}

it('a weight that changed at runtime, an endpoint that was added and one that is down stay so over a reload', async () => {
  await using one = await startOrigin('one');
  await using two = await startOrigin('two');
  const [port, dead] = [await freePort(), await freePort()];
  const healthCheck = { kind: 'tcp', intervalMs: 300, failures: 1 } as const;
  const sink = bench.createSink();
  const shop = (weight: number, ...ports: number[]) =>
    makeService('mesos:/shop#http', {
      port,
      healthCheck,
      endpoints: ports.map((number) => makeEndpoint(number, number === one.port ? { weight } : {})),
    });
  await sync(sink, bench.catalog(shop(1, one.port, dead)), bench);
  await sync(sink, bench.catalog(shop(200, one.port, two.port, dead)), bench);
  await expect.poll(async () => (await rows()).get(dead)?.operational, { timeout: 20_000 }).toBe(0);
  const before = await rows();
  expect(before.get(one.port)).toMatchObject({ weight: 200, operational: 2 });
  const pid = await bench.pid();

  const load = startLoad({ url: `http://127.0.0.1:${port}/`, connections: 4 });
  const catalog = bench.catalog(
    shop(200, one.port, two.port, dead),
    makeService('mesos:/new#0', { port: await freePort() }),
  );
  const plan = await sync(sink, catalog, bench);
  expect(plan.changes.map(({ action }) => action)).toContain('reload');
  // As soon as the new process is there: no check had the time to find out.
  expect(await rows()).toEqual(before);
  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(50);
  expect(await bench.pid()).not.toBe(pid);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('an endpoint that drains takes no request after a reload, and is not taken for one that is ready', async () => {
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
  await sync(sink, bench.catalog(shop(true)), bench);
  const catalog = bench.catalog(shop(true), makeService('mesos:/new#0', { port: await freePort() }));
  await sync(sink, catalog, bench);
  for (let count = 0; count < 10; count += 1) expect((await request(port)).body).toBe('two');
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});
