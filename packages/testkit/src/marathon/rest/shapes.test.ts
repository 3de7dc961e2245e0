import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

// biome-ignore lint/suspicious/noExplicitAny: the answers are compared as they are.
type Any = any;

const fixture = async (name: string): Promise<Any> =>
  JSON.parse(await readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

const keys = (value: object) => Object.keys(value).sort();

let simulator: MarathonSimulator;
const get = async (path: string): Promise<Any> => (await fetch(simulator.urls[0] + path)).json();

beforeAll(async () => {
  simulator = await createMarathonSimulator({ liveTasks: false, timing: { drainMs: 20, lingerMs: 5 } });
  await simulator.createApp({
    id: '/dev/shop/api',
    instances: 2,
    cmd: './api',
    portDefinitions: [
      { port: 0, name: 'http' },
      { port: 0, name: 'admin' },
    ],
    healthChecks: [{ path: '/' }, { protocol: 'TCP', portIndex: 1 }],
  });
  await simulator.createApp({
    id: '/dev/shop/front',
    networks: [{ mode: 'container/bridge' }],
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx:1.17', forcePullImage: false, parameters: [], privileged: false },
      volumes: [],
      portMappings: [{ containerPort: 80, name: 'web' }],
    },
    check: { http: { portIndex: 0, path: '/live' } },
  });
  await simulator.createApp({
    id: '/dev/net/v6',
    networks: [{ mode: 'container', name: 'dcos' }],
    container: { portMappings: [{ containerPort: 8080, name: 'web' }] },
  });
  await simulator.createApp({ id: '/dev/stopped', instances: 0, cmd: './svc', portDefinitions: [{ port: 10_304 }] });
  await simulator.settled();
});

afterAll(() => simulator.close());

test.each(['/dev/shop/api', '/dev/shop/front', '/dev/stopped'])('%s has the fields of the 1.10 sample', async (id) => {
  const byId = (apps: Any[]) => apps.find((app) => app.id === id);
  const sample = byId((await fixture('apps-1.10-embed.json')).apps);
  const app = byId((await get('/v2/apps?embed=apps.tasks')).apps);
  expect(keys(app)).toEqual(keys(sample));
  expect(keys(app.networks[0])).toEqual(keys(sample.networks[0]));
  expect(app.networks).toEqual(sample.networks);
  expect(app.portDefinitions?.map(keys)).toEqual(sample.portDefinitions?.map(keys));
  expect(app.container?.portMappings.map(keys)).toEqual(sample.container?.portMappings.map(keys));
  expect(app.healthChecks && keys(app.healthChecks[0])).toEqual(sample.healthChecks && keys(sample.healthChecks[0]));
  if (sample.tasks.length === 0) return;
  const [task, sampleTask] = [app.tasks[0], sample.tasks[0]];
  expect(keys(task)).toEqual(keys(sampleTask));
  expect(task.healthCheckResults.map(keys)).toEqual(sampleTask.healthCheckResults.map(keys));
  expect(task.id).toMatch(/^dev_shop_(api|front)\.instance-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\._app\.1$/);
  expect(task.ports).toHaveLength(sampleTask.ports.length);
});

test('container mode without host ports has an address of its own and no ports', async () => {
  const { app } = await get('/v2/apps/dev/net/v6');
  expect(app.container.portMappings[0]).toEqual({
    containerPort: 8080,
    labels: {},
    name: 'web',
    protocol: 'tcp',
    servicePort: expect.any(Number),
  });
  expect(app.tasks[0].ports).toEqual([]);
  expect(app.tasks[0].ipAddresses).toEqual([{ ipAddress: expect.stringMatching(/^127\./), protocol: 'IPv4' }]);
});

test('service ports are the lowest free ones, and are kept', async () => {
  const portsOf = async () => (await get('/v2/apps/dev/shop/api')).app.portDefinitions.map((each: Any) => each.port);
  expect(await portsOf()).toEqual([10_000, 10_001]);
  await simulator.updateApp('/dev/shop/api', { labels: { release: '2' } });
  expect(await portsOf()).toEqual([10_000, 10_001]);
  await simulator.settled();
});

test('one app carries its tasks, and its last failure after one', async () => {
  const sample = (await fixture('app-1.10-single.json')).app;
  const [victim] = simulator.tasks('/dev/shop/api');
  await simulator.killTask(victim!.id, { notice: false });
  await expect.poll(async () => (await get('/v2/apps/dev/shop/api')).app.lastTaskFailure).toBeDefined();
  const { app } = await get('/v2/apps/dev/shop/api');
  expect(keys(app)).toEqual(keys(sample));
  expect(keys(app.lastTaskFailure)).toEqual(keys(sample.lastTaskFailure));
  await simulator.settled();
});

test('versions are bare definitions', async () => {
  const { versions } = await get('/v2/apps/dev/shop/front/versions');
  expect(versions).toHaveLength(1);
  const version = await get(`/v2/apps/dev/shop/front/versions/${versions[0]}`);
  const sample = await fixture('app-version-1.10.json');
  expect(keys(version)).toEqual([...keys(sample), 'check'].sort());
  expect((await fetch(`${simulator.urls[0]}/v2/apps/dev/shop/front/versions/2000-01-01T00:00:00.000Z`)).status).toBe(
    404,
  );
});

test('tasks carry service ports in /v2/tasks only', async () => {
  const sample = await fixture('tasks-1.10.json');
  const { tasks } = await get('/v2/tasks');
  const task = tasks.find((each: Any) => each.appId === '/dev/shop/api');
  expect(keys(task)).toEqual(keys(sample.tasks[0]));
  expect(task.servicePorts).toEqual([10_000, 10_001]);
  expect((await get('/v2/apps/dev/shop/api/tasks')).tasks[0].servicePorts).toEqual([]);
  expect((await get('/v2/tasks?status=staging')).tasks).toEqual([]);
});

test('a group holds what its embeds name', async () => {
  const sample = await fixture('groups-1.10.json');
  const tree = await get('/v2/groups?embed=group.groups&embed=group.apps&embed=group.pods&embed=group.apps.tasks');
  expect(keys(tree)).toEqual(keys(sample));
  expect(tree.groups[0].groups.map((group: Any) => group.id)).toEqual(['/dev/net', '/dev/shop']);
  const shop = await get('/v2/groups/dev/shop?embed=group.apps&embed=group.apps.tasks');
  expect(shop).not.toHaveProperty('groups');
  expect(shop.apps[0].tasks).toHaveLength(2);
  expect((await get('/v2/groups/dev/shop')).apps[0]).not.toHaveProperty('tasks');
});

test('a deployment and its readiness have the published shape', async () => {
  const [sample] = await fixture('deployments-1.5.json');
  const [sampleApp] = (await fixture('apps-readiness-go-marathon.json')).apps;
  await simulator.createApp({
    id: '/warm',
    env: { SIMULATOR_READY: 'false' },
    readinessChecks: [{ path: '/ready', preserveLastResponse: true }],
  });
  const read = async () => (await get('/v2/apps?id=warm&embed=apps.tasks&embed=apps.readiness')).apps[0];
  await expect.poll(async () => (await read()).readinessCheckResults).toHaveLength(1);
  const app = await read();
  const [deployment] = await get('/v2/deployments');
  expect(keys(deployment)).toEqual(keys(sample));
  expect(deployment.steps).toEqual([
    { actions: [{ action: 'StartApplication', app: '/warm' }] },
    { actions: [{ action: 'ScaleApplication', app: '/warm' }] },
  ]);
  expect(app.deployments).toEqual([{ id: deployment.id }]);
  expect(app.readinessCheckResults.map(keys)).toEqual([keys(sampleApp.readinessCheckResults[0])]);
  await simulator.updateApp('/warm', { env: {} });
  await simulator.settled();
  expect((await read()).readinessCheckResults).toEqual([]);
});

test('pods are an empty list', async () => {
  expect(await get('/v2/pods/::status')).toEqual([]);
});
