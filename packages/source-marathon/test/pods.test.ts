import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FakeMarathon, json, rawApp } from './fake-marathon.ts';
import { byId, portsOf } from './run-source.ts';
import { follow, startFake } from './scene.ts';

interface RawPod {
  readonly id: string;
  spec: { scaling: { instances: number }; version: string };
  instances: { id: string; containers: { containerId: string }[]; specReference: string }[];
}

const bridge = 'mesos:/pods/bridge#web';
const http = 'mesos:/pods/host#http';

function samplePods(): RawPod[] {
  return JSON.parse(
    readFileSync(new URL('../src/fixtures/pods-status-1.10.json', import.meta.url), 'utf8'),
  ) as RawPod[];
}

async function start(pods: RawPod[] | undefined): Promise<FakeMarathon> {
  const fake = await startFake(rawApp('/shop/web', [31_001]));
  fake.pods = pods;
  return fake;
}

const asked = (fake: FakeMarathon, prefix: string): number =>
  fake.requests.filter(({ path }) => path.startsWith(prefix)).length;

describe('pods', () => {
  it('stand beside the apps', async () => {
    const snapshot = await follow([await start(samplePods())]).until(() => true);
    expect([...byId(snapshot).keys()]).toEqual([
      'mesos:/shop/web#web',
      bridge,
      http,
      'mesos:/pods/host#admin',
      'mesos:/pods/host#metrics',
      'mesos:/pods/overlay#api',
      'mesos:/pods/overlay#ext',
    ]);
    expect(portsOf(byId(snapshot), http)).toEqual([31_801, 31_901]);
  });

  it.each([404, 405, 403])('are not asked for again soon where the answer is %d', async (status) => {
    const fake = await start(undefined);
    fake.handle = (_request, response, path) => {
      if (!path.startsWith('/v2/pods')) return false;
      response.writeHead(status).end();
      return true;
    };
    const source = follow([fake], { resyncMs: 20 });
    await source.until((services) => services.size === 1);
    await expect.poll(() => asked(fake, '/v2/apps?')).toBeGreaterThan(3);
    expect(asked(fake, '/v2/pods')).toBe(1);
  });

  it('are not read when there is a label selector, which Marathon has for apps only', async () => {
    const fake = await start(samplePods());
    await follow([fake], { label: 'HAPROXY_GROUP' }).until((services) => services.size === 1);
    expect(asked(fake, '/v2/pods')).toBe(0);
  });

  it('that were known are kept, by failing, when Marathon seems to have none all at once', async () => {
    const fake = await start(samplePods());
    const source = follow([fake], { resyncMs: 50 });
    await source.until((services) => services.has(bridge));
    fake.pods = undefined;
    expect(await source.ended).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
    expect(source.snapshots).toHaveLength(1);
  });
});

describe('an event about a pod', () => {
  it('leads to a read of that pod alone', async () => {
    const pods = samplePods();
    const fake = await start(pods);
    const source = follow([fake]);
    await source.until(() => true);
    const before = fake.requests.length;
    pods[0]!.instances.pop();
    fake.emit('pod_updated_event', { uri: '/v2/pods/pods/host' });
    await source.until((services) => portsOf(services, http)?.length === 1);
    expect(fake.requests.slice(before).map(({ path }) => path)).toEqual(['/v2/pods/pods/host::status']);
  });

  it('that is new finds it, although most events do not tell it from an app', async () => {
    const fake = await start([]);
    const source = follow([fake]);
    await source.until(() => true);
    fake.pods = samplePods();
    fake.emit('instance_changed_event', { runSpecId: '/pods/bridge', condition: 'Running' });
    await source.until((services) => portsOf(services, bridge)?.[0] === 31_950);
    expect(asked(fake, '/v2/pods/::status')).toBe(1);
  });

  it('takes out an instance of which a container ended, before and whatever the next answer says', async () => {
    const fake = await start(samplePods());
    const source = follow([fake]);
    await source.until(() => true);
    const [instance] = samplePods()[0]!.instances;
    const taskId = instance!.containers[1]!.containerId;
    fake.emit('status_update_event', { appId: '/pods/host', taskId, taskStatus: 'TASK_FAILED' });
    await source.until((services) => portsOf(services, http)?.join() === '31901');
  });

  it('of its deletion makes the loss intended', async () => {
    const pods = samplePods();
    pods[1]!.spec.scaling.instances = 5;
    const fake = await start(pods);
    const source = follow([fake]);
    const first = await source.until(() => true);
    expect(first.intended?.has(bridge)).toBe(false);
    fake.pods = pods.filter(({ id }) => id !== '/pods/bridge');
    fake.emit('pod_deleted_event', { uri: '/v2/pods/pods/bridge' });
    const last = await source.until((services) => !services.has(bridge));
    expect(last.intended?.has(bridge)).toBe(true);
  });
});

describe('an instance of an older version', () => {
  it('is read by the definition that it refers to', async () => {
    const pods = samplePods();
    const overlay = pods[2]!;
    const old = structuredClone(overlay.spec) as unknown as {
      containers: { endpoints: { name: string; containerPort: number }[] }[];
    };
    old.containers[0]!.endpoints[0]!.containerPort = 7070;
    overlay.instances = overlay.instances.slice(0, 1);
    overlay.instances[0]!.specReference = '/v2/pods/pods/overlay::versions/2020-01-01T00:00:00.000Z';
    const fake = await start(pods);
    fake.handle = (_request, response, path) => {
      if (!path.startsWith('/v2/pods/pods/overlay::versions/')) return false;
      json(response, 200, old);
      return true;
    };
    const snapshot = await follow([fake]).until(() => true);
    expect(portsOf(byId(snapshot), 'mesos:/pods/overlay#api')).toEqual([7070]);
    expect(asked(fake, '/v2/pods/pods/overlay::versions/2020-01-01T00:00:00.000Z')).toBe(1);
  });
});
