import { afterEach, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';
import type { DialectName } from './dialect-name.ts';
import { type Any, readFixture, shapeOf } from './testing/shape.ts';

let simulator: MarathonSimulator;
afterEach(() => simulator.close());

async function start(dialect: DialectName, timing: Record<string, number> = {}): Promise<void> {
  simulator = await createMarathonSimulator({ dialect, liveTasks: false, timing });
}

const fetchFrom = (path: string, init: RequestInit = {}) => fetch(simulator.urls[0] + path, init);
const read = async (path: string): Promise<Any> => (await fetchFrom(path)).json();
const readApp = async (query: string): Promise<Any> => (await read(`/v2/apps?${query}`)).apps[0];

test.each<[DialectName, string]>([
  ['0.11', 'no such route, old'],
  ['1.1', 'no such route, old'],
  ['1.10', 'no such route, new'],
])('an unknown route of %s is answered as in "%s"', async (dialect, name) => {
  await start(dialect);
  const sample = (await readFixture('errors.json')).find((each: Any) => each.case === name);
  const response = await fetchFrom(dialect === '1.10' ? '/v2/nope' : '/v2/pods/::status');
  expect([response.status, await response.json()]).toEqual([sample.status, sample.body]);
});

test('pods are unknown before 1.4', async () => {
  await start('1.1');
  expect((await fetchFrom('/v2/pods', { method: 'HEAD' })).status).toBe(404);
  await simulator.close();
  await start('1.4');
  expect((await fetchFrom('/v2/pods', { method: 'HEAD' })).status).toBe(200);
  expect((await fetchFrom('/v2/nope')).status).toBe(404);
});

test.each<[DialectName, string]>([
  ['1.5', 'no leader known, old'],
  ['1.10', 'no leader known, new'],
])('%s without a leader answers as in "%s"', async (dialect, name) => {
  await start(dialect, { electionMs: 500 });
  const sample = (await readFixture('errors.json')).find((each: Any) => each.case === name);
  const change = simulator.changeLeader();
  const response = await fetchFrom('/v2/apps');
  expect([response.status, await response.text()]).toEqual([sample.status, sample.body]);
  const events = await fetchFrom('/v2/events', { headers: { Accept: 'text/event-stream' } });
  expect(events.status).toBe(sample.status);
  await change;
});

test.each<[DialectName, number]>([
  ['1.1', 502],
  ['1.4', 503],
])('a standby of %s that cannot reach the leader says %i', async (dialect, status) => {
  await start(dialect);
  simulator.setFault({ kind: 'refuse' }, { master: 0 });
  await expect.poll(() => fetchFrom('/ping').catch(() => 'refused')).toBe('refused');
  expect((await fetch(`${simulator.urls[1]}/v2/apps`)).status).toBe(status);
});

test('only the first embed counts up to 0.10', async () => {
  await start('0.9');
  await simulator.createApp({ id: '/web' });
  expect(await readApp('embed=apps.tasks&embed=apps.counts')).toHaveProperty('tasks');
  expect(await readApp('embed=apps.counts&embed=apps.tasks')).not.toHaveProperty('tasks');
  expect(await readApp('embed=tasks')).not.toHaveProperty('tasks');
  expect(await readApp('')).toHaveProperty('tasksRunning');
  await simulator.close();
  await start('0.11');
  await simulator.createApp({ id: '/web' });
  expect(await readApp('embed=apps.counts&embed=apps.tasks')).toHaveProperty('tasks');
  expect(await readApp('embed=apps.readiness')).not.toHaveProperty('readinessCheckResults');
});

test('a check without a result is null in 0.8, and left out later', async () => {
  for (const dialect of ['0.8', '0.9', '1.1'] as const) {
    await start(dialect, { healthDelayMs: 5000 });
    await simulator.createApp({ id: '/web', healthChecks: [{ path: '/' }] });
    await expect.poll(() => simulator.tasks()[0]?.state).toBe('TASK_RUNNING');
    const [task] = (await readApp('embed=apps.tasks')).tasks;
    expect(task.healthCheckResults).toEqual(dialect === '0.8' ? [null] : undefined);
    await simulator.close();
  }
});

test('tasks say no state in 1.1.0, and a lost one is listed as if it ran', async () => {
  await start('1.1.0', { agentTimeoutMs: 20, expungeMs: 2000 });
  await simulator.createApp({ id: '/web', unreachableStrategy: 'disabled' });
  await simulator.settled();
  await simulator.loseAgent(simulator.tasks()[0]!.agent);
  await expect.poll(() => simulator.tasks()[0]?.state).toBe('TASK_LOST');
  const [task] = (await readApp('embed=apps.tasks')).tasks;
  expect(task).not.toHaveProperty('state');
  expect(task.startedAt).toEqual(expect.any(String));
});

test('a task out of reach is forgotten in 0.8, lost in 1.1 and unreachable in 1.4', async () => {
  const found: unknown[] = [];
  for (const dialect of ['0.8', '1.1', '1.4'] as const) {
    await start(dialect, { agentTimeoutMs: 20, expungeMs: 2000 });
    await simulator.createApp({ id: '/web', unreachableStrategy: 'disabled' });
    await simulator.settled();
    await simulator.loseAgent(simulator.tasks()[0]!.agent);
    await expect.poll(() => simulator.tasks()[0]?.state).toMatch(/LOST|UNREACHABLE/);
    found.push((await readApp('embed=apps.tasks')).tasks.map((task: Any) => task.state));
    await simulator.close();
  }
  expect(found).toEqual([[], ['TASK_LOST'], ['TASK_UNREACHABLE']]);
});

test('an inactive task of 1.4 has the fields of the sample', async () => {
  await start('1.4', { agentTimeoutMs: 20, expungeMs: 5000 });
  await simulator.createApp({ id: '/web' });
  await simulator.settled();
  await simulator.loseAgent(simulator.tasks()[0]!.agent);
  const readTask = async () =>
    (await readApp('embed=apps.tasks')).tasks.find((task: Any) => task.state === 'TASK_UNREACHABLE' && !task.ports);
  await expect.poll(readTask).toBeDefined();
  const sample = (await readFixture('apps-1.4-embed.json')).apps[0].tasks[3];
  expect(shapeOf(await readTask())).toEqual(shapeOf(sample));
});

test('a failed task comes back as another one before 1.8, and as another incarnation after', async () => {
  for (const dialect of ['1.5', '1.10'] as const) {
    await start(dialect);
    await simulator.createApp({ id: '/web' });
    await simulator.settled();
    const [before] = simulator.tasks();
    await simulator.killTask(before!.id, { notice: false });
    await expect.poll(() => simulator.tasks()[0]?.id ?? before!.id).not.toBe(before!.id);
    await simulator.settled();
    expect(simulator.tasks()).toHaveLength(1);
    expect(simulator.tasks()[0]!.instanceId === before!.instanceId).toBe(dialect === '1.10');
    await simulator.close();
  }
});

test.each<[DialectName, string]>([
  ['0.8', 'deployments-0.7.json'],
  ['1.1.0', 'deployments-1.1.json'],
  ['1.5', 'deployments-1.5.json'],
])('a deployment of %s has the fields of %s', async (dialect, fixture) => {
  await start(dialect, { stagingMs: 1000 });
  await simulator.createApp({ id: '/web', readinessChecks: [{}] });
  const [sample] = await readFixture(fixture);
  const [deployment] = await read('/v2/deployments');
  expect(Object.keys(deployment).sort()).toEqual(Object.keys(sample).sort());
  expect(shapeOf(deployment.steps[0], new Set(['app']))).toEqual(shapeOf(sample.steps[0], new Set(['app'])));
  expect(Object.keys(deployment.currentActions[0]).sort()).toEqual(Object.keys(sample.currentActions[0]).sort());
});

test('tasks as text, up to 1.9', async () => {
  await start('1.5');
  await simulator.createApp({ id: '/shop/web', portDefinitions: [{ port: 9000 }] });
  await simulator.settled();
  const [task] = simulator.tasks();
  const response = await fetchFrom('/v2/tasks', { headers: { Accept: 'text/plain' } });
  expect(await response.text()).toBe(`shop_web\t9000\t${task!.agent}:${task!.ports[0]}\t\n`);
});

test('groups and tasks are printed as the version prints them', async () => {
  await start('0.8');
  await simulator.createApp({ id: '/shop/web', healthChecks: [{ path: '/' }] });
  await simulator.settled();
  const tree = await read('/v2/groups?embed=group.groups');
  expect(Object.keys(tree).sort()).toEqual(['apps', 'dependencies', 'groups', 'id', 'version']);
  expect(tree.groups[0].apps[0]).toHaveProperty('storeUrls');
  const [sample] = (await readFixture('tasks-0.8.json')).tasks;
  expect(shapeOf((await read('/v2/tasks')).tasks[0])).toEqual(shapeOf(sample));
  expect((await read('/v2/info')).version).toMatch(/^0\.8\./);
});

test('what a version does not know is refused', async () => {
  await start('0.8');
  const networks = [{ name: 'dcos' }];
  await expect(simulator.createApp({ id: '/a', networks })).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
  const bridge = [{ mode: 'container/bridge' as const }];
  await expect(simulator.createApp({ id: '/b', networks: bridge })).rejects.toThrow('Object is not valid');
  const healthChecks = [{ protocol: 'MESOS_HTTP' as const }];
  await expect(simulator.createApp({ id: '/c', healthChecks })).rejects.toThrow('Object is not valid');
});
