import { haproxy } from '@signalbox/sink-haproxy';
import { file } from '@signalbox/source-file';
import { marathon } from '@signalbox/source-marathon';
import { freePort, type Origin, startOrigin, waitFor } from '@signalbox/testkit';
import { type Load, startLoad } from '@signalbox/testkit/load';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { merge } from '@signalbox/transforms';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeEvents, type RunningPipeline, startPipeline } from './support/start-pipeline.ts';
import { webApp } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

/** Marathon has the primary origin of the pool; a file lists the standby, which is to take no traffic before it has to. */
let workspace: Workspace;
let simulator: MarathonSimulator;
let standby: Origin;
let running: RunningPipeline;
let port: number;
let load: Load;

beforeAll(async () => {
  workspace = await createWorkspace();
  [simulator, standby, port] = [
    await createMarathonSimulator({ timing: { heartbeatMs: 300 } }),
    await startOrigin('standby'),
    await freePort(),
  ];
  await simulator.createApp(app());
  await simulator.settled();
  const service = { name: '/shop/web', portName: 'http', port, appProtocol: 'http' };
  const services = [{ ...service, endpoints: [`127.0.0.1:${standby.port}`] }];
  const files = [await workspace.write('standby.json', JSON.stringify({ services }))];
  running = startPipeline({
    sources: {
      mesos: marathon({
        urls: [...simulator.urls],
        requestTimeoutMs: 1_000,
        streamIdleTimeoutMs: 1_500,
        resyncMs: 1_000,
      }),
      spare: file({ files }),
    },
    transforms: [
      merge({
        pools: [
          { name: 'web', origins: [{ match: { source: 'mesos' }, priority: 1 }, { match: { source: 'spare' } }] },
        ],
      }),
    ],
    sinks: { edge: haproxy({ config: `${workspace.path}/haproxy.cfg`, manage: { onExit: 'stop' } }) },
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await simulator.close();
  await standby[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await answering('the primary');
  load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 100, connections: 4 });
});
afterEach(() => load[Symbol.asyncDispose]());

/** Marathon keeps what is unhealthy, instead of replacing it. */
const app = () => ({
  ...webApp(port, 2),
  healthChecks: [{ protocol: 'HTTP' as const, path: '/health', intervalSeconds: 1, maxConsecutiveFailures: 0 }],
});

/** Waits until only this side has answered for a while. */
async function answering(side: 'the primary' | 'the standby'): Promise<void> {
  let inARow = 0;
  const isAnswering = async (): Promise<boolean> => {
    const task = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok, headers }) => (ok ? headers.get('x-task') : undefined),
      () => undefined,
    );
    const isIt = task !== undefined && (task === 'standby') === (side === 'the standby');
    inARow = isIt ? inARow + 1 : 0;
    return inARow >= 20;
  };
  const description = (): string => `${side} to answer; ${describeEvents(running.events)}`;
  await waitFor(isAnswering, { timeoutMs: 60_000, intervalMs: 10, description });
}

const failures = async (): Promise<readonly unknown[]> => (await load.stop()).failures;

test('while the primary can serve, the standby gets no request', async () => {
  await waitFor(() => load.report().requests >= 100, { timeoutMs: 30_000 });
  const { failures, tasks } = await load.stop();
  expect(failures).toEqual([]);
  expect([...tasks.keys()].sort()).toEqual(
    simulator
      .tasks('/shop/web')
      .map(({ id }) => id)
      .sort(),
  );
});

test('a primary that its source finds unhealthy is relieved, and takes over again when it is well', async () => {
  const setHealthy = (healthy: boolean): void => {
    for (const { id } of simulator.tasks('/shop/web')) simulator.setHealthy(id, healthy);
  };
  setHealthy(false);
  await answering('the standby');
  setHealthy(true);
  await answering('the primary');
  expect(await failures()).toEqual([]);
});

test('a primary that is scaled to nothing hands over, and takes over again when it is scaled up', async () => {
  const before = running.reloads;
  await simulator.scale('/shop/web', 0);
  await answering('the standby');
  await simulator.scale('/shop/web', 2);
  await answering('the primary');
  expect(await failures()).toEqual([]);
  expect(running.reloads).toBe(before);
});

test('a primary that is deleted and created again hands over as well', async () => {
  await simulator.deleteApp('/shop/web');
  await answering('the standby');
  await simulator.createApp(app());
  await answering('the primary');
  expect(await failures()).toEqual([]);
});

test('a source that goes away moves nobody, and the proxy sees by itself when its tasks go too', async () => {
  simulator.setFault({ kind: 'refuse' });
  await waitFor(() => running.pipeline.status.sources.mesos?.health === 'stale', {
    timeoutMs: 60_000,
    description: () => `the source to fail; ${describeEvents(running.events)}`,
  });
  await answering('the primary');
  expect(await failures()).toEqual([]);

  // Marathon does not say so, and the tasks say nothing to anybody: requests fail until the proxy's own checks have seen it.
  for (const agent of simulator.agents) await simulator.loseAgent(agent);
  await answering('the standby');
  await using after = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 100, connections: 4 });
  await waitFor(() => after.report().requests >= 100, { timeoutMs: 30_000 });
  expect((await after.stop()).failures).toEqual([]);

  await using again = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 100, connections: 4 });
  for (const agent of simulator.agents) await simulator.restoreAgent(agent);
  simulator.clearFaults();
  await answering('the primary');
  expect((await again.stop()).failures).toEqual([]);
});
