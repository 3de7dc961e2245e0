import { delay, type Endpoint, type Service } from '@signalbox/core';
import { endpoint, freePort, type Origin, service, startOrigin } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findMaster, findServingWorkers } from '../src/control/process.ts';
import { nginxOptions } from '../src/options.ts';
import { toSettings } from '../src/settings.ts';
import { type Bench, createBench, sync } from './support/bench.ts';

let bench: Bench;
let port: number;
let origins: readonly Origin[];
beforeEach(async () => {
  port = await freePort();
  bench = await createBench({ mode: 'lua' });
  origins = await Promise.all(Array.from({ length: 6 }, (_, index) => startOrigin(`task-${index}`)));
});
afterEach(async () => {
  await bench.close();
  for (const origin of origins) await origin[Symbol.asyncDispose]();
});

const seconds = Number(process.env.CHURN_SECONDS ?? 8);

it.each([
  { what: 'one scaling event a second', pauseMs: 1_000 },
  { what: '100 changes a second', pauseMs: 10 },
])(
  '$what under load: no failed request, no reload, nothing stale after the acknowledgement',
  async ({ pauseMs }) => {
    const sink = bench.createSink();
    const active = new Set(origins);
    await sync(sink, bench.catalog(web(active)), bench);
    const workers = await readWorkers();
    /** When the end of an endpoint was acknowledged. */
    const goneAtMs = new Map<string, number>();
    let stale = 0;
    const url = `http://127.0.0.1:${port}/`;
    const load = startLoad({
      targets: [{ url }, { url, keepAlive: false }],
      connections: 3,
      ratePerSecond: 150,
      onRecord({ task, startedAtMs }) {
        if (task !== undefined && startedAtMs > (goneAtMs.get(task) ?? Number.POSITIVE_INFINITY)) stale += 1;
      },
    });
    const beganAtMs = performance.now();
    const endAtMs = beganAtMs + seconds * 1_000;
    let changes = 0;
    for (let index = 0; performance.now() < endAtMs; index += 1) {
      const changing = active.size > 2 ? origins : origins.filter((each) => !active.has(each));
      const origin = changing[(index * 5) % changing.length] as Origin;
      if (!active.delete(origin)) active.add(origin);
      // An endpoint that comes back answers before its batch is acknowledged.
      if (active.has(origin)) goneAtMs.delete(origin.name);
      const plan = await sync(sink, bench.catalog(web(active)), bench);
      if (!active.has(origin)) goneAtMs.set(origin.name, performance.now());
      expect(plan.changes.map(({ action }) => action)).not.toContain('reload');
      changes += plan.changes.length;
      // By the clock and not by the last one: a change that took long is made up for.
      await delay(Math.max(0, beganAtMs + (index + 1) * pauseMs - performance.now()));
    }
    const report = await load.stop();
    expect(report.failures).toEqual([]);
    expect(stale).toBe(0);
    expect(report.answered).toBeGreaterThan(100);
    expect(changes).toBeGreaterThan(4);
    expect(await readWorkers()).toEqual(workers);
  },
  180_000,
);

function web(active: ReadonlySet<Origin>): Service {
  const endpoints: Endpoint[] = [...active].map((origin) => endpoint({ id: origin.name, port: origin.port }));
  return service('/web', { appProtocol: 'http', port, endpoints });
}

/** A reload would bring others. */
async function readWorkers(): Promise<ReadonlySet<number> | undefined> {
  return findServingWorkers((await findMaster(toSettings(nginxOptions.parse(bench.options)))) ?? 0);
}
