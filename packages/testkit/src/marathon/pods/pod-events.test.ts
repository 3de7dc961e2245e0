import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { DialectName } from '../dialects/dialect-name.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonEvent } from '../stream/event-json.ts';

async function live(dialect: DialectName): Promise<MarathonEvent[]> {
  const timing = { drainMs: 10, lingerMs: 5 };
  await using simulator = await createMarathonSimulator({ dialect, liveTasks: false, timing });
  const events: MarathonEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  await simulator.createPod({
    id: '/pods/web',
    containers: [
      { name: 'app', endpoints: [{ name: 'http', hostPort: 0 }], healthCheck: { http: { endpoint: 'http' } } },
      { name: 'helper' },
    ],
  });
  await simulator.settled();
  await simulator.scalePod('/pods/web', 2);
  await simulator.settled();
  await simulator.deletePod('/pods/web');
  await simulator.settled();
  return events;
}

test('a pod tells of its containers and instances, and of itself by its path only', async () => {
  const events = await live('1.10');
  const posted = events.filter(({ eventType }) => eventType.startsWith('pod_'));
  expect(posted.map(({ eventType, uri }) => [eventType, uri])).toEqual([
    ['pod_created_event', '/v2/pods'],
    ['pod_updated_event', '/v2/pods/pods/web'],
    ['pod_deleted_event', '/v2/pods/pods/web'],
  ]);
  const running = events.filter(({ taskStatus }) => taskStatus === 'TASK_RUNNING');
  expect(running[0]).toMatchObject({
    taskId: expect.stringMatching(/^pods_web\.instance-[0-9a-f-]{36}\.app\.1$/),
    appId: '/pods/web',
    ports: [expect.any(Number)],
  });
  expect(running[1]).toMatchObject({ taskId: expect.stringMatching(/\.helper\.1$/), ports: [] });
  expect(running[2]).toMatchObject({ taskId: running[0]!.taskId });
  expect(events.find(({ eventType }) => eventType === 'instance_health_changed_event')).toMatchObject({
    runSpecId: '/pods/web',
    healthy: true,
  });
  const types = new Set(events.map(({ eventType }) => eventType));
  for (const ofApps of ['health_status_changed_event', 'add_health_check_event', 'api_post_event']) {
    expect(types).not.toContain(ofApps);
  }
  expect(events.at(-3)).toMatchObject({ eventType: 'app_terminated_event', appId: '/pods/web' });
  expect(events.at(-1)).toMatchObject({ plan: { steps: [{ actions: [{ action: 'StopPod', pod: '/pods/web' }] }] } });
});

test('every event of a pod has the fields of the 1.10 sample', async () => {
  const text = await readFile(new URL('../fixtures/events-1.10.sse', import.meta.url), 'utf8');
  const samples = [...text.matchAll(/^data: (\{.*\})\r$/gm)].map(([, data]) => JSON.parse(data!) as MarathonEvent);
  const keysOf = (event: MarathonEvent) => Object.keys(event).sort();
  for (const event of await live('1.10')) {
    const type = event.eventType === 'pod_created_event' ? 'pod_updated_event' : event.eventType;
    const sample = samples.find(({ eventType }) => eventType === type);
    expect([type, keysOf(event)]).toEqual([type, keysOf(sample!)]);
  }
});

test('before 1.8 the tasks of a pod carry no incarnation', async () => {
  const ids = (await live('1.5')).flatMap(({ taskId }) => (taskId === undefined ? [] : [String(taskId)]));
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) expect(id).toMatch(/^pods_web\.instance-[0-9a-f-]{36}\.(app|helper)$/);
});
