import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

let simulator: MarathonSimulator;

beforeEach(async () => {
  simulator = await createMarathonSimulator({
    liveTasks: false,
    agents: 3,
    timing: { drainMs: 20, lingerMs: 5, agentTimeoutMs: 100, expungeMs: 100, settleTimeoutMs: 5000 },
  });
});

afterEach(() => simulator.close());

const states = (appId: string) => simulator.tasks(appId).map((task) => task.state);

/** The fewest and the most tasks that ran at the same time while something went on. */
async function watchRunning(
  appId: string,
  action: () => Promise<void>,
): Promise<{ fewest: number; most: number; placed: number }> {
  const seen = { fewest: Number.POSITIVE_INFINITY, most: 0, placed: 0 };
  const stop = simulator.onEvent(() => {
    const running = states(appId).filter((state) => state === 'TASK_RUNNING').length;
    seen.fewest = Math.min(seen.fewest, running);
    seen.most = Math.max(seen.most, running);
    seen.placed = Math.max(seen.placed, states(appId).length);
  });
  await action();
  await simulator.settled();
  stop();
  return seen;
}

test.each([
  { minimumHealthCapacity: 1, maximumOverCapacity: 1, fewest: 4, placed: 8 },
  { minimumHealthCapacity: 0.5, maximumOverCapacity: 0, fewest: 2, placed: 4 },
  { minimumHealthCapacity: 1, maximumOverCapacity: 0, fewest: 4, placed: 5 },
  { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.25, fewest: 2, placed: 5 },
])('a rolling restart keeps within %o', async ({ fewest, placed, ...upgradeStrategy }) => {
  await simulator.createApp({ id: '/web', instances: 4, upgradeStrategy, healthChecks: [{ path: '/' }] });
  await simulator.settled();
  const before = simulator.tasks('/web').map((task) => task.id);
  const seen = await watchRunning('/web', () => simulator.updateApp('/web', { cmd: './two' }));
  expect(seen.fewest).toBe(fewest);
  expect(seen.placed).toBe(placed);
  const after = simulator.tasks('/web');
  expect(after).toHaveLength(4);
  expect(after.filter((task) => before.includes(task.id))).toEqual([]);
});

test('a release that never becomes healthy leaves the old tasks alone, and a forced change mends it', async () => {
  await simulator.createApp({ id: '/web', instances: 2, healthChecks: [{ path: '/' }] });
  await simulator.settled();
  const before = simulator.tasks('/web').map((task) => task.id);
  await simulator.updateApp('/web', { env: { SIMULATOR_HEALTHY: 'false' } });
  await expect.poll(() => states('/web').filter((state) => state === 'TASK_RUNNING')).toHaveLength(4);
  expect(simulator.tasks('/web').map((task) => task.id)).toEqual(expect.arrayContaining(before));
  const failed: unknown[] = [];
  simulator.onEvent((event) => event.eventType === 'deployment_failed' && failed.push(event.reason));
  await simulator.updateApp('/web', { env: {} });
  await simulator.settled();
  expect(failed).toEqual(['deployment was canceled']);
  expect(simulator.tasks('/web').map((task) => task.healthy)).toEqual([true, true]);
});

test('a deployment waits for readiness', async () => {
  const readinessChecks = [{ path: '/ready' }];
  await simulator.createApp({ id: '/web', readinessChecks });
  await simulator.settled();
  await simulator.updateApp('/web', { env: { SIMULATOR_READY: 'false' } });
  await expect.poll(() => states('/web')).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
  await simulator.updateApp('/web', { env: {} });
  await simulator.settled();
  expect(simulator.tasks('/web')).toHaveLength(1);
});

test('scaling keeps tasks and their version, and the youngest go first', async () => {
  await simulator.createApp({ id: '/web', instances: 2 });
  await simulator.settled();
  const first = simulator.tasks('/web');
  await simulator.scale('/web', 4);
  await simulator.settled();
  expect(simulator.tasks('/web').slice(0, 2)).toEqual(first);
  expect(new Set(simulator.tasks('/web').map((task) => task.version)).size).toBe(2);
  await simulator.scale('/web', 2);
  await simulator.settled();
  expect(simulator.tasks('/web')).toEqual(first);
});

test('a killed task shows TASK_KILLING, unless that is switched off', async () => {
  for (const killingState of [true, false]) {
    await using other = await createMarathonSimulator({ liveTasks: false, killingState, timing: { drainMs: 100 } });
    await other.createApp({ id: '/web' });
    await other.settled();
    const [task] = other.tasks();
    await other.killTask(task!.id);
    expect(other.tasks()[0]?.state).toBe(killingState ? 'TASK_KILLING' : 'TASK_RUNNING');
    await other.settled();
    expect(other.tasks()[0]?.id).not.toBe(task!.id);
  }
});

test('a lost agent is given up after its time-out, and its tasks are replaced elsewhere', async () => {
  await simulator.createApp({ id: '/web', instances: 3 });
  await simulator.settled();
  const [lost] = simulator.agents;
  const reported: unknown[] = [];
  simulator.onEvent((event) => reported.push(event.taskStatus));
  await simulator.loseAgent(lost!);
  expect(states('/web')).toEqual(['TASK_RUNNING', 'TASK_RUNNING', 'TASK_RUNNING']);
  await simulator.settled();
  expect(reported[0]).toBe('TASK_UNREACHABLE');
  expect(simulator.tasks('/web')).toHaveLength(3);
  expect(simulator.tasks('/web').filter((task) => task.agent === lost)).toEqual([]);
});

test('with the strategy disabled an unreachable task is kept until its agent returns', async () => {
  await simulator.createApp({ id: '/web', instances: 3, unreachableStrategy: 'disabled' });
  await simulator.settled();
  const before = simulator.tasks('/web').map((task) => task.id);
  await simulator.loseAgent(simulator.agents[1]!);
  await simulator.settled();
  expect(states('/web').sort()).toEqual(['TASK_RUNNING', 'TASK_RUNNING', 'TASK_UNREACHABLE']);
  await simulator.restoreAgent(simulator.agents[1]!);
  await simulator.settled();
  expect(simulator.tasks('/web').map((task) => task.id)).toEqual(before);
});

test('a deleted app is gone at once, its tasks when they have ended', async () => {
  await simulator.createApp({ id: '/web', instances: 2 });
  await simulator.settled();
  await simulator.deleteApp('/web');
  expect(simulator.tasks('/web')).toHaveLength(2);
  expect((await fetch(`${simulator.urls[0]}/v2/apps/web`)).status).toBe(404);
  await simulator.settled();
  expect(simulator.tasks('/web')).toEqual([]);
});

test('settled() says what it waits for', async () => {
  await using other = await createMarathonSimulator({ liveTasks: false, timing: { settleTimeoutMs: 100 } });
  await other.createApp({ id: '/web', healthChecks: [{ path: '/' }], env: { SIMULATOR_HEALTHY: 'false' } });
  await expect(other.settled()).rejects.toThrow(/waiting 100 ms .* of \/web \(ScaleApplication\)/);
});
