import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonEvent } from './event-json.ts';

const timing = { drainMs: 10, lingerMs: 5, agentTimeoutMs: 30, expungeMs: 30, healthIntervalMs: 20, jitterMs: 2 };

/** The key sets of every event type in the sample, since some types come with and without an optional field. */
async function sampleShapes(): Promise<Map<string, string>> {
  const text = await readFile(new URL('../fixtures/events-1.10.sse', import.meta.url), 'utf8');
  const shapes = new Map<string, string>();
  for (const [, data] of text.matchAll(/^data: (\{.*\})\r$/gm)) {
    const event = JSON.parse(data!) as MarathonEvent;
    shapes.set(event.eventType, shapeOf(event));
  }
  return shapes;
}

const shapeOf = (event: MarathonEvent) => Object.keys(event).sort().join(' ');

test('every event has the fields of the 1.10 sample', async () => {
  await using simulator = await createMarathonSimulator({ liveTasks: false, timing });
  const events: MarathonEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  await simulator.createApp({
    id: '/web',
    instances: 3,
    healthChecks: [{ path: '/', maxConsecutiveFailures: 2, gracePeriodSeconds: 0 }],
  });
  await simulator.settled();
  await simulator.updateApp('/web', { cmd: './two' });
  await simulator.scale('/web', 2);
  await simulator.settled();
  const [task] = simulator.tasks('/web');
  simulator.setHealthy(task!.id, false);
  await expect.poll(() => events.map((event) => event.eventType)).toContain('unhealthy_instance_kill_event');
  await simulator.settled();
  const [, other] = simulator.tasks('/web');
  await simulator.loseAgent(other!.agent);
  await simulator.settled();
  await simulator.restoreAgent(other!.agent);
  await simulator.changeLeader();
  await simulator.deleteApp('/web');
  await simulator.settled();

  const shapes = await sampleShapes();
  for (const event of events)
    expect([event.eventType, shapeOf(event)]).toEqual([event.eventType, shapes.get(event.eventType)]);
  const types = [...new Set(events.map((event) => event.eventType))];
  expect(types.sort()).toEqual(
    [...shapes.keys()]
      .filter(
        (type) => !/^(pod_|framework_|some_future|scheduler_disconnected|group_change_failed|event_stream)/.test(type),
      )
      .sort(),
  );
});

test('a rolling restart tells its story in the order of the sample, and the change of the goal with it', async () => {
  await using simulator = await createMarathonSimulator({ liveTasks: false, timing });
  await simulator.createApp({ id: '/web', healthChecks: [{ protocol: 'MESOS_HTTP', path: '/' }] });
  await simulator.settled();
  const story: string[] = [];
  simulator.onEvent((event) =>
    story.push([event.eventType, event.taskStatus ?? event.condition ?? ''].join(' ').trim()),
  );
  await simulator.updateApp('/web', { cmd: './two' });
  await simulator.settled();
  expect(story).toEqual([
    'deployment_info',
    'api_post_event',
    'group_change_success',
    'instance_changed_event Scheduled',
    'instance_changed_event Provisioned',
    'status_update_event TASK_STAGING',
    'instance_changed_event Staging',
    'status_update_event TASK_STARTING',
    'instance_changed_event Starting',
    'status_update_event TASK_RUNNING',
    'instance_changed_event Running',
    'add_health_check_event',
    'status_update_event TASK_RUNNING',
    'health_status_changed_event',
    'instance_health_changed_event',
    'instance_changed_event Running',
    'status_update_event TASK_KILLING',
    'instance_changed_event Killing',
    'status_update_event TASK_KILLED',
    'instance_changed_event Killed',
    'remove_health_check_event',
    'deployment_step_success',
    'deployment_success',
  ]);
});

test('a deletion ends with the termination of the app, and without a post', async () => {
  await using simulator = await createMarathonSimulator({ liveTasks: false, timing });
  await simulator.createApp({ id: '/web' });
  await simulator.settled();
  const types: string[] = [];
  simulator.onEvent((event) => types.push(event.eventType));
  await simulator.deleteApp('/web');
  await simulator.settled();
  expect(types.slice(0, 2)).toEqual(['deployment_info', 'group_change_success']);
  expect(types.slice(-3)).toEqual(['app_terminated_event', 'deployment_step_success', 'deployment_success']);
  expect(types).not.toContain('api_post_event');
});
