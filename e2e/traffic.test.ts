import { freePort, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTrain, type Train, webApp } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let train: Train;
beforeEach(async () => {
  workspace = await createWorkspace();
  train = await startTrain(workspace);
  await train.inStep();
});
afterEach(async () => {
  await train[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

test.each([
  ['kept alive', true],
  ['one for each request', false],
])('no request fails while tasks come and go, connections %s, and nothing is reloaded', async (_, keepAlive) => {
  const { simulator, port } = train;
  const reloadsBefore = train.reloads;
  await using load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 200, connections: 8, keepAlive });

  await simulator.scale('/shop/web', 6);
  await simulator.settled();
  await train.inStep();
  await simulator.updateApp('/shop/web', {
    labels: { release: '2' },
    upgradeStrategy: { maximumOverCapacity: 0.5, minimumHealthCapacity: 0.5 },
  });
  await simulator.settled();
  await train.inStep();
  const [victim] = simulator.tasks('/shop/web');
  if (victim === undefined) throw new Error('there is no task');
  await simulator.killTask(victim.id);
  await simulator.changeLeader();
  await simulator.settled();
  await train.inStep();
  await simulator.scale('/shop/web', 2);
  await simulator.settled();
  await train.inStep();

  const report = await load.stop();
  expect(report.failures).toEqual([]);
  expect(report.requests).toBeGreaterThan(200);
  expect(report.tasks.size).toBeGreaterThan(6);
  expect(train.reloads).toBe(reloadsBefore);
});

test('a new app on a port of a range answers without a reload, and is forgotten when it goes', async () => {
  const { simulator, port, sparePort } = train;
  const reloadsBefore = train.reloads;
  await using load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 200, connections: 8 });
  await simulator.createApp({ ...webApp(sparePort), id: '/shop/new' });
  await simulator.settled();
  await waitFor(() => answers(sparePort), { timeoutMs: 15_000, description: 'the new app to answer' });
  await using newLoad = startLoad({ url: `http://127.0.0.1:${sparePort}/`, ratePerSecond: 50, connections: 2 });
  await waitFor(() => newLoad.report().requests > 50, { timeoutMs: 15_000 });
  expect((await newLoad.stop()).failures).toEqual([]);
  await simulator.deleteApp('/shop/new');
  await waitFor(async () => !(await answers(sparePort)), { timeoutMs: 15_000, description: 'the app to go' });
  expect((await load.stop()).failures).toEqual([]);
  expect(train.reloads).toBe(reloadsBefore);
});

test('a new app on a new port costs one reload and no request of its neighbours', async () => {
  const { simulator, port } = train;
  const reloadsBefore = train.reloads;
  await using load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 200, connections: 8 });
  const newPort = await freePort();
  await simulator.createApp({ ...webApp(newPort), id: '/shop/new' });
  await simulator.settled();
  await waitFor(() => answers(newPort), { timeoutMs: 15_000, description: 'the new app to answer' });
  // The event of an applied plan comes after its effect.
  await waitFor(() => train.reloads > reloadsBefore, { timeoutMs: 15_000, description: 'a reload' });
  expect(train.reloads).toBe(reloadsBefore + 1);
  await simulator.deleteApp('/shop/new');
  await waitFor(() => train.pipeline.catalog?.services.size === 1, { timeoutMs: 15_000, description: 'the app to go' });
  expect((await load.stop()).failures).toEqual([]);
  expect(train.pipeline.status.sources.mesos).toMatchObject({ health: 'fresh', holds: [] });
});

async function answers(port: number): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/`);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
