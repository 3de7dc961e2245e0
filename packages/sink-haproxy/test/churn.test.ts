import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '@signalbox/core';
import { startLoad } from '@signalbox/testkit/load';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { startBlackHole } from './support/dead-peers.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, sync, syncOnce } from './support/services.ts';

/** Longer by hand: `CHURN_SECONDS=60 npx vitest run packages/sink-haproxy/test/churn.test.ts`. */
const seconds = Number(process.env.CHURN_SECONDS ?? 15);
const endpointsPerSecond = 100;
/** Endpoints of each of the two services that are there at a time, besides those that stay. */
const passing = 20;

let bench: Bench;
beforeEach(async () => {
  bench = await createBench({
    drainTimeoutMs: 300,
    connectTimeoutMs: 200,
    queueTimeoutMs: 300,
    // What became of each request that failed stands in its log.
    global: ['log stderr format raw local0'],
    defaults: ['log global', 'option dontlog-normal', 'option httplog'],
  });
});
afterEach(() => bench.close());

/** An application that takes its time. */
async function startSlowOrigin(): Promise<number> {
  const server = createServer((_request, response) => void setTimeout(() => response.end('slow'), 50));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onClose(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Two services live through the same: endpoints that come and go, most of them dead. `steady` has two live endpoints that stay, with room for
 * all its requests, so that each of them can be served, and each is. `crowded` is what HAProxy crashed of: one live endpoint that takes one
 * connection at a time, dead ones that the source calls healthy, and more requests than it can ever serve, so that queues are full all the time.
 */
it(
  `${endpointsPerSecond} endpoints a second come and go for ${seconds} s: nothing that can be served is lost, and HAProxy lives`,
  async ({ annotate }) => {
    const origins = [await startOrigin('one'), await startOrigin('two'), await startOrigin('three')] as const;
    await using hole = await startBlackHole();
    for (const origin of origins) bench.onClose(async () => origin[Symbol.asyncDispose]());
    const slow = await startSlowOrigin();
    const [steadyPort, crowdedPort, refusing] = [await freePort(), await freePort(), await freePort()];
    const places = [refusing, hole.port, origins[2].port];
    let made = 0;
    const make = (name: string, health: Endpoint['health']): Endpoint => {
      made += 1;
      const port = places[made % places.length] ?? refusing;
      return { ...makeEndpoint(port), id: `${name}-${made}`, health };
    };
    const steady: Endpoint[] = [];
    const crowded: Endpoint[] = [];
    const catalog = () =>
      bench.catalog(
        makeService('mesos:/steady#0', {
          port: steadyPort,
          healthCheck: { kind: 'tcp', intervalMs: 500, failures: 1 },
          traffic: { maxConnections: 100 },
          endpoints: [makeEndpoint(origins[0].port), makeEndpoint(origins[1].port), ...steady],
        }),
        makeService('mesos:/crowded#0', {
          port: crowdedPort,
          traffic: { maxConnections: 1 },
          endpoints: [makeEndpoint(slow), ...crowded],
        }),
      );
    const sink = bench.createSink({}, { mostRetiredServers: 1_000_000 });
    await sync(sink, catalog(), bench);
    const pid = await bench.pid();
    const load = startLoad({ url: `http://127.0.0.1:${steadyPort}/`, connections: 8, ratePerSecond: 200 });
    const crowd = startLoad({ url: `http://127.0.0.1:${crowdedPort}/`, connections: 40, keepAlive: false });

    const startMs = performance.now();
    let moved = 0;
    let deleted = 0;
    for (let elapsedMs = 0; elapsedMs < seconds * 1_000; elapsedMs = performance.now() - startMs) {
      // Half of them come, half of them go, in both services.
      while (moved < (elapsedMs * endpointsPerSecond) / 1_000) {
        steady.push(make('steady', 'unknown'));
        crowded.push(make('crowded', 'healthy'));
        moved += 2;
        for (const endpoints of [steady, crowded]) {
          if (endpoints.length <= passing) continue;
          endpoints.shift();
          moved += 1;
        }
      }
      const plan = await syncOnce(sink, catalog(), bench);
      deleted += plan.changes.filter(({ summary }) => summary.endsWith(' deleted')).length;
      await sleep(20);
    }

    const elapsedS = (performance.now() - startMs) / 1_000;
    const served = await load.stop();
    const crowdReport = await crowd.stop();
    await annotate(
      `${moved} endpoints moved in ${elapsedS.toFixed(1)} s, ${deleted} servers deleted; steady: ${served.answered} answered, ${served.failures.length} lost; ` +
        `crowded: ${crowdReport.answered} answered, ${crowdReport.failures.length} not; ${/^Version: .*/m.exec(await bench.ask('show info'))?.[0]}`,
    );
    const log = await readFile(join(bench.directory, 'signalbox/haproxy.log'), 'utf8');
    const ofSteady = log.split('\n').filter((line) => / (?:5\d\d|-1) /.test(line) && line.includes('a_mesos-steady'));
    expect(served.failures, ofSteady.join('\n')).toEqual([]);
    expect(served.answered).toBeGreaterThan(2 * seconds);
    // It was crowded, and some got through nevertheless.
    expect(crowdReport.answered).toBeGreaterThan(0);
    expect(crowdReport.failures.length).toBeGreaterThan(0);
    expect(await bench.pid()).toBe(pid);
    expect(log).not.toMatch(/ exited|signal \d/);

    steady.length = 0;
    crowded.length = 0;
    await sync(sink, catalog(), bench);
    for (const port of [steadyPort, crowdedPort]) {
      for (let count = 0; count < 5; count += 1) expect((await request(port)).status).toBe(200);
    }
  },
  120_000 + seconds * 3_000,
);
