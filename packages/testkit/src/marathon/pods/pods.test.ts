import { afterEach, expect, test } from 'vitest';
import type { PodDefinition } from '../cluster/pod-definition.ts';
import { type Any, readFixture, shapeOf } from '../dialects/testing/shape.ts';
import type { MarathonSimulatorOptions } from '../options.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

let simulator: MarathonSimulator;
afterEach(() => simulator.close());

async function start(options: MarathonSimulatorOptions = {}): Promise<void> {
  simulator = await createMarathonSimulator({ liveTasks: false, ...options });
}

const send = async (method: string, path: string, body?: unknown): Promise<[number, Any]> => {
  const response = await fetch(simulator.urls[0] + path, { method, body: body ? JSON.stringify(body) : null });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
};
const read = async (path: string): Promise<Any> => (await send('GET', path))[1];

const overlay: PodDefinition = {
  id: '/pods/overlay',
  networks: [{ name: 'dcos', mode: 'container' }],
  scaling: { kind: 'fixed', instances: 2 },
  containers: [
    {
      name: 'app',
      endpoints: [
        { name: 'api', containerPort: 8080 },
        { name: 'ext', containerPort: 8443, hostPort: 0 },
      ],
      healthCheck: { http: { endpoint: 'api', path: '/health' }, gracePeriodSeconds: 0, maxConsecutiveFailures: 0 },
    },
    { name: 'helper' },
  ],
};

/** Which endpoints are there decides the shape; the message is there while an instance is degraded. */
const opaque = new Set(['labels', 'message', 'endpoints', 'conditions', 'spec']);

test.each([
  ['1.5', 'pods-status-1.5.json'],
  ['1.10', 'pods-status-1.10.json'],
] as const)('%s prints pods and instances as %s has them', async (dialect, fixture) => {
  await start({ dialect });
  const samples: Any[] = await readFixture(fixture);
  for (const { spec } of samples) {
    const scaling = { kind: 'fixed', instances: 1 };
    const { version: _, ...definition } = spec;
    expect((await send('POST', '/v2/pods', { ...definition, scaling }))[0]).toBe(201);
  }
  await simulator.settled();
  const statuses: Any[] = await read('/v2/pods/::status');
  for (const sample of samples) {
    const status = statuses.find(({ id }) => id === sample.id);
    const [stable] = sample.instances;
    expect(status.status).toBe('STABLE');
    expect(shapeOf(status, new Set([...opaque, 'instances']))).toEqual(
      shapeOf(sample, new Set([...opaque, 'instances'])),
    );
    expect(shapeOf(status.instances[0], opaque)).toEqual(shapeOf(stable, opaque));
    expect(shapeOf(status.spec)).toEqual(shapeOf(sample.spec));
    const containers = (instance: Any) =>
      instance.containers.map(({ endpoints, conditions }: Any) => shapeOf({ endpoints, conditions }));
    expect(containers(status.instances[0])).toEqual(containers(stable));
    const namesOf = (instance: Any) =>
      instance.containers.map((container: Any) => container.endpoints.map(({ name }: Any) => name));
    expect(namesOf(status.instances[0])).toEqual(namesOf(stable));
    expect(toIdForms(status.instances[0])).toEqual(toIdForms(stable));
    expect(await read(`/v2/pods${sample.id}`)).toEqual(status.spec);
  }
});

/** Ids with the random part taken out. */
function toIdForms({ id, containers }: Any): string[] {
  return [id, ...containers.map(({ containerId }: Any) => containerId)].map((each) =>
    each.replace(/instance-[0-9a-f-]{36}/, '…'),
  );
}

test('a container that is not reported on makes its instance degraded, without a verdict on the endpoint', async () => {
  await start({ timing: { healthDelayMs: 2000 } });
  await simulator.createPod(overlay);
  const readInstance = async () => (await read('/v2/pods/pods/overlay::status')).instances[0];
  await expect.poll(async () => (await readInstance())?.containers[0].status).toBe('TASK_RUNNING');
  const instance = await readInstance();
  expect(instance).toMatchObject({ status: 'DEGRADED', message: 'at least one container is not healthy' });
  const [app] = instance.containers;
  expect(app.conditions).toMatchObject([{ name: 'healthy', value: 'false', reason: 'health-unreported-by-mesos' }]);
  expect(app.endpoints).toEqual([{ name: 'ext', allocatedHostPort: expect.any(Number) }, { name: 'api' }]);
});

test('a failing check shows at its endpoint', async () => {
  await start({ timing: { healthIntervalMs: 20 } });
  await simulator.createPod(overlay);
  await simulator.settled();
  const [instance] = simulator.tasks('/pods/overlay');
  simulator.setHealthy(instance!.id, false);
  await simulator.settled();
  const status = await read('/v2/pods/pods/overlay::status');
  expect(status.status).toBe('DEGRADED');
  const shown = status.instances.find(({ id }: Any) => id === instance!.id);
  expect(shown.status).toBe('DEGRADED');
  expect(shown.containers[0].endpoints[1]).toEqual({ name: 'api', healthy: false });
  expect(shown.containers[0].conditions[0].reason).toBe('health-reported-by-mesos');
});

test('while a pod changes, instances refer to the definition they were started from', async () => {
  await start({ timing: { stagingMs: 200 } });
  await simulator.createPod(overlay);
  await simulator.settled();
  const [before] = (await read('/v2/pods/pods/overlay::status')).instances;
  const [first, helper] = overlay.containers;
  await simulator.updatePod('/pods/overlay', { containers: [{ ...first!, name: 'server' }, helper!] });
  const during = await read('/v2/pods/pods/overlay::status');
  const old = during.instances.find(({ id }: Any) => id === before.id);
  expect(old.specReference).toBe(before.specReference);
  expect(old.containers[0]).toMatchObject({ name: 'app', endpoints: [] });
  const [, version] = old.specReference.split('::versions/');
  expect(during.spec.version > version).toBe(true);
  expect((await read(old.specReference)).containers[0].name).toBe('app');
  expect(await read('/v2/pods/pods/overlay::versions')).toEqual([during.spec.version, version]);
  await simulator.settled();
  const after = await read('/v2/pods/pods/overlay::status');
  expect(after.instances.map(({ id }: Any) => id)).not.toContain(before.id);
  expect(after.status).toBe('STABLE');
});

test('pods are scaled, changed and deleted over REST', async () => {
  await start();
  expect((await send('HEAD', '/v2/pods'))[0]).toBe(200);
  expect((await send('POST', '/v2/pods', overlay))[0]).toBe(201);
  expect((await send('POST', '/v2/pods', overlay))[0]).toBe(409);
  await simulator.settled();
  const [kept] = simulator.tasks('/pods/overlay');
  const scaled = { ...overlay, scaling: { kind: 'fixed', instances: 3 } };
  expect((await send('PUT', '/v2/pods/pods/overlay', scaled))[0]).toBe(200);
  expect((await send('PUT', '/v2/pods/pods/overlay', scaled))[0]).toBe(409);
  const [deployment] = await read('/v2/deployments');
  expect(deployment).toMatchObject({
    affectedApps: [],
    affectedPods: ['/pods/overlay'],
    currentActions: [{ action: 'ScalePod', pod: '/pods/overlay' }],
  });
  await simulator.settled();
  const ids = simulator.tasks('/pods/overlay').map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(ids).toContain(kept!.id);
  expect((await send('DELETE', '/v2/pods/pods/overlay'))[0]).toBe(202);
  await simulator.settled();
  expect(simulator.tasks()).toEqual([]);
  expect(await send('GET', '/v2/pods/pods/overlay::status')).toEqual([
    404,
    { message: "Pod '/pods/overlay' does not exist" },
  ]);
});

test('pods are no apps, and have their place in groups', async () => {
  await start();
  await simulator.createPod(overlay);
  await simulator.createApp({ id: '/pods/web' });
  await simulator.settled();
  expect((await read('/v2/apps')).apps.map(({ id }: Any) => id)).toEqual(['/pods/web']);
  expect((await read('/v2/tasks')).tasks.map(({ appId }: Any) => appId)).toEqual(['/pods/web']);
  expect((await send('GET', '/v2/apps/pods/overlay'))[0]).toBe(404);
  const group = await read('/v2/groups/pods');
  expect(group.pods.map(({ id, status }: Any) => [id, status])).toEqual([['/pods/overlay', 'STABLE']]);
  expect(group.apps.map(({ id }: Any) => id)).toEqual(['/pods/web']);
});

test('an instance out of reach is degraded and keeps what was said of its health', async () => {
  await start({ timing: { agentTimeoutMs: 20 } });
  await simulator.createPod({ ...overlay, scheduling: { unreachableStrategy: 'disabled' } });
  await simulator.settled();
  const [lost] = simulator.tasks('/pods/overlay');
  await simulator.loseAgent(lost!.agent);
  const readLost = async () =>
    (await read('/v2/pods/pods/overlay::status')).instances.find(({ id }: Any) => id === lost!.id);
  await expect.poll(async () => (await readLost()).message).toBe('pod instance has become unreachable');
  const instance = await readLost();
  expect(instance.status).toBe('DEGRADED');
  expect(instance.containers.map(({ status }: Any) => status)).toEqual(['TASK_UNREACHABLE', 'TASK_UNREACHABLE']);
  expect(instance.containers[0].endpoints[1]).toEqual({ name: 'api', healthy: true });
});

test('a version without pods, and a pod that is none, are refused', async () => {
  await start({ dialect: '1.1' });
  await expect(simulator.createPod(overlay)).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
  expect((await send('POST', '/v2/pods', overlay))[0]).toBe(404);
  await simulator.close();
  await start();
  expect((await send('POST', '/v2/pods', { id: '/empty' }))[0]).toBe(422);
  const [app] = overlay.containers;
  const twice = { ...overlay, containers: [app!, app!] };
  await expect(simulator.createPod(twice)).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
});
