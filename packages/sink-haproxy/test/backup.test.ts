import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, type Origin, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';

let bench: Bench;
let origins: readonly [Origin, Origin, Origin];
let port: number;
beforeEach(async () => {
  bench = await createBench({ drainTimeoutMs: 60_000 });
  origins = [await startOrigin('main'), await startOrigin('spare-1'), await startOrigin('spare-2')];
  port = await freePort();
  for (const origin of origins) bench.onClose(async () => origin[Symbol.asyncDispose]());
});
afterEach(() => bench.close());

/** The names of those who answer. A server that comes back may get a few in a row first, to catch up. */
async function answering(): Promise<readonly string[]> {
  const names = new Set<string>();
  for (let count = 0; count < 40; count += 1) names.add((await request(port)).body);
  return [...names].sort();
}

const shop = (...endpoints: ReturnType<typeof makeEndpoint>[]) => makeService('mesos:/shop#http', { port, endpoints });

it('backups take traffic, all of them, only while no other endpoint can', async () => {
  const [main, ...spares] = origins;
  const backups = spares.map((origin) => makeEndpoint(origin.port, { backup: true }));
  const sink = bench.createSink();
  await sync(sink, bench.catalog(shop(makeEndpoint(main.port), ...backups)), bench);
  expect(await answering()).toEqual(['main']);
  const pid = await bench.pid();
  await sync(sink, bench.catalog(shop(makeEndpoint(main.port, { draining: true }), ...backups)), bench);
  expect(await answering()).toEqual(['spare-1', 'spare-2']);
  await sync(sink, bench.catalog(shop(...backups)), bench);
  expect(await answering()).toEqual(['spare-1', 'spare-2']);
  await sync(sink, bench.catalog(shop(makeEndpoint(main.port), ...backups)), bench);
  expect(await answering()).toEqual(['main']);
  expect(await bench.pid()).toBe(pid);
});

it('an endpoint becomes a backup and ceases to be one without a reload', async () => {
  const [main, spare] = origins;
  const sink = bench.createSink();
  const both = (backup: boolean) => bench.catalog(shop(makeEndpoint(main.port), makeEndpoint(spare.port, { backup })));
  await sync(sink, both(false), bench);
  const pid = await bench.pid();
  expect(await answering()).toEqual(['main', 'spare-1']);
  const catalog = both(true);
  const plan = await sync(sink, catalog, bench);
  expect(plan.changes.map(({ action }) => action)).toEqual(['runtime', 'runtime']);
  expect(await answering()).toEqual(['main']);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  await expect.poll(() => bench.readConfig()).toMatch(new RegExp(`:${spare.port} weight 1 backup `));
  await sync(sink, both(false), bench);
  expect(await answering()).toEqual(['main', 'spare-1']);
  expect(await bench.pid()).toBe(pid);
});

it('weight 0 takes one endpoint out and leaves the others as they were', async () => {
  const [one, two, three] = origins;
  const sink = bench.createSink();
  const weighted = (weight: number) =>
    bench.catalog(
      shop(makeEndpoint(one.port, { weight }), makeEndpoint(two.port, { weight: 3 }), makeEndpoint(three.port)),
    );
  await sync(sink, weighted(256), bench);
  await sync(sink, weighted(0), bench);
  expect(await answering()).toEqual(['spare-1', 'spare-2']);
  const weights = (await bench.ask('show servers state')).matchAll(/ e_\S+ 127\.0\.0\.1 2 0 (\d+) /g);
  expect([...weights].map(([, weight]) => weight).sort()).toEqual(['0', '1', '3']);
});
