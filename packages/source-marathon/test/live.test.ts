import { describe, expect, it } from 'vitest';
import { json, rawApp, rawTask, taskIdOf } from './fake-marathon.ts';
import { byId, portsOf } from './run-source.ts';
import { follow, startFake } from './scene.ts';

const web = 'mesos:/shop/web#web';

describe('following the event stream', () => {
  it('yields the complete set once it is attached, in a stable order', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_002, 31_001]), rawApp('/shop/api', []));
    const snapshot = await follow([fake]).until(() => true);
    expect([...snapshot.services].map(({ id }) => id)).toEqual(['mesos:/shop/api#web', web]);
    expect(portsOf(byId(snapshot), web)).toEqual([31_001, 31_002]);
    expect(fake.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      '/v2/events',
      '/v2/apps',
      '/v2/pods/::status',
    ]);
  });

  it('reads again only the app that an event names, and keeps the other services as the same objects', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]), rawApp('/shop/api', [31_500]));
    const source = follow([fake]);
    const first = await source.until(() => true);
    fake.apps[0]!.tasks.push(rawTask('/shop/web', 31_002));
    fake.emit('status_update_event', {
      appId: '/shop/web',
      taskId: taskIdOf('/shop/web', 31_002),
      taskStatus: 'TASK_RUNNING',
    });
    const second = await source.until((services) => portsOf(services, web)?.length === 2);
    expect(byId(second).get('mesos:/shop/api#web')).toBe(byId(first).get('mesos:/shop/api#web'));
    expect(fake.requests.at(-1)?.path).toMatch(/^\/v2\/apps\/shop\/web\?/);
  });

  it('takes a task out at the event, before and whatever the next answer says', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001, 31_002]));
    const source = follow([fake]);
    await source.until(() => true);
    // The answers stay as they were: the task is still listed as running.
    fake.emit('status_update_event', {
      appId: '/shop/web',
      taskId: taskIdOf('/shop/web', 31_001),
      taskStatus: 'TASK_KILLED',
    });
    await source.until((services) => portsOf(services, web)?.length === 1);
    await expect.poll(() => fake.requests.at(-1)?.path).toMatch(/^\/v2\/apps\/shop\/web/);
    fake.emit('scheduler_reregistered_event', { master: 'm' });
    await expect.poll(() => fake.requests.filter(({ path }) => path.startsWith('/v2/apps?')).length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(portsOf(byId(source.snapshots.at(-1)!), web)).toEqual([31_002]);
  });

  it('drains a task that is being killed, at once', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001, 31_002]));
    const source = follow([fake]);
    await source.until(() => true);
    fake.handle = (_request, _response, path) => path.startsWith('/v2/apps');
    fake.emit('status_update_event', {
      appId: '/shop/web',
      taskId: taskIdOf('/shop/web', 31_001),
      taskStatus: 'TASK_KILLING',
    });
    const snapshot = await source.until((services) => services.get(web)?.endpoints[0]?.draining === true);
    expect(snapshot.intended?.has(web)).toBe(false);
  });

  it('drains the last task only together with what the answer brings in its place', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = follow([fake], { coalesceMs: 60_000 });
    await source.until(() => true);
    fake.apps = [rawApp('/shop/web', [31_001, 31_002])];
    fake.emit('status_update_event', {
      appId: '/shop/web',
      taskId: taskIdOf('/shop/web', 31_001),
      taskStatus: 'TASK_KILLING',
    });
    await source.until((services) => services.get(web)?.endpoints[0]?.draining === true);
    expect(source.snapshots.map((snapshot) => portsOf(byId(snapshot), web))).toEqual([[31_001], [31_001, 31_002]]);
  });

  it('reads everything at once when a burst names many apps', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `/burst/${index}`);
    const fake = await startFake(...ids.map((id) => rawApp(id, [31_001])));
    const source = follow([fake], { coalesceMs: 50 });
    await source.until(() => true);
    fake.apps = ids.map((id) => rawApp(id, [31_002]));
    for (const id of ids) fake.emit('instance_changed_event', { runSpecId: id });
    await source.until((services) => ids.every((id) => portsOf(services, `mesos:${id}#web`)?.[0] === 31_002));
    expect(fake.requests.filter(({ path }) => path.startsWith('/v2/apps/'))).toEqual([]);
  });

  it('repairs lost events by a timed full read', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = follow([fake], { resyncMs: 50 });
    await source.until(() => true);
    fake.apps = [rawApp('/shop/web', [31_009])];
    await source.until((services) => portsOf(services, web)?.[0] === 31_009);
  });

  it('asks only once about an id that is no app', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = follow([fake]);
    await source.until(() => true);
    const asked = (): number => fake.requests.filter(({ path }) => path.startsWith('/v2/apps/pods/x')).length;
    fake.emit('instance_changed_event', { runSpecId: '/pods/x' });
    await expect.poll(asked).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    fake.emit('instance_changed_event', { runSpecId: '/pods/x' });
    fake.emit('instance_changed_event', { runSpecId: '/shop/web' });
    await expect.poll(() => fake.requests.at(-1)?.path).toMatch(/shop\/web/);
    expect(asked()).toBe(1);
  });

  it('does not yield when nothing changed', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = follow([fake], { resyncMs: 20 });
    await expect.poll(() => fake.requests.length).toBeGreaterThan(6);
    expect(source.snapshots).toHaveLength(1);
  });
});

describe('what is said to be intended', () => {
  it('marks a service with as many endpoints as its app asks for', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]), rawApp('/shop/api', [31_500], { instances: 2 }));
    const snapshot = await follow([fake]).until(() => true);
    expect([...snapshot.intended!]).toEqual([web]);
  });

  it('marks the services of an app that Marathon says does not exist', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001], { instances: 5 }), rawApp('/shop/api', [31_500]));
    const source = follow([fake]);
    await source.until(() => true);
    fake.apps.shift();
    fake.emit('group_change_success', { groupId: '/shop/web', version: 'v' });
    const snapshot = await source.until((services) => !services.has(web));
    expect(snapshot.intended?.has(web)).toBe(true);
  });

  it('does not mark an app that a full answer merely does not list', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]), rawApp('/shop/api', [31_500]));
    fake.handle = (_request, response, path) => {
      if (!path.startsWith('/v2/apps/')) return false;
      json(response, 403, { message: 'Not Authorized to perform this action!' });
      return true;
    };
    const source = follow([fake], { resyncMs: 50 });
    await source.until(() => true);
    fake.apps.shift();
    const snapshot = await source.until((services) => !services.has(web));
    expect(snapshot.intended?.has(web)).toBe(false);
  });

  it('marks an app that a full answer does not list and that Marathon, when asked, says is gone', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]), rawApp('/shop/api', [31_500]));
    const source = follow([fake], { resyncMs: 50 });
    await source.until(() => true);
    fake.apps.shift();
    const snapshot = await source.until((services) => !services.has(web));
    expect(snapshot.intended?.has(web)).toBe(true);
  });

  it('yields an empty set for an empty list', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = follow([fake], { resyncMs: 50 });
    await source.until(() => true);
    fake.apps = [];
    await source.until((services) => services.size === 0);
  });
});
