import { expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonEvent } from '../stream/event-json.ts';
import type { DialectName } from './dialect-name.ts';
import { type Any, readFixture, shapeOf } from './testing/shape.ts';

const timing = { drainMs: 10, lingerMs: 5, agentTimeoutMs: 30, expungeMs: 30, healthIntervalMs: 20, jitterMs: 2 };

/** Everything that can happen to an app. */
async function live(dialect: DialectName): Promise<MarathonEvent[]> {
  await using simulator = await createMarathonSimulator({ dialect, liveTasks: false, timing });
  const events: MarathonEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  const healthChecks = [{ path: '/', maxConsecutiveFailures: 2, gracePeriodSeconds: 0 }];
  await simulator.createApp({ id: '/web', instances: 2, healthChecks });
  await simulator.settled();
  const [task] = simulator.tasks('/web');
  simulator.setHealthy(task!.id, false);
  await expect.poll(() => simulator.tasks('/web').map(({ id }) => id)).not.toContain(task!.id);
  await simulator.settled();
  const [other] = simulator.tasks('/web');
  await simulator.loseAgent(other!.agent);
  await simulator.settled();
  await simulator.restoreAgent(other!.agent);
  await simulator.deleteApp('/web');
  await simulator.settled();
  return events;
}

const typesOf = (events: readonly MarathonEvent[]) => new Set(events.map(({ eventType }) => eventType));

/** The definitions and groups in events are those of REST, which other tests compare; health checks differ by their kind. */
const opaque = new Set(['appDefinition', 'original', 'target', 'healthCheck', 'ports', 'ipAddresses', 'steps']);

test.each<{ dialect: DialectName; catalogue: string }>([
  { dialect: '0.9', catalogue: '0.9' },
  { dialect: '1.1', catalogue: '1.1' },
  { dialect: '1.4', catalogue: '1.4' },
])('$dialect tells what the catalogue of $catalogue holds, with the same fields', async ({ dialect, catalogue }) => {
  const events = await live(dialect);
  const samples: Record<string, Any[]> = (await readFixture('events-catalogue.json'))[catalogue];
  for (const [eventType, bodies] of Object.entries(samples)) {
    if (eventType.startsWith('event_stream')) continue;
    const wanted = bodies.map((body) => JSON.stringify(shapeOf(body, opaque)));
    const told = events.filter((event) => event.eventType === eventType);
    expect([eventType, told.length > 0]).toEqual([eventType, true]);
    for (const event of told) expect(wanted).toContain(JSON.stringify(shapeOf(event, opaque)));
  }
});

test.each<DialectName>(['0.8', '0.9', '0.11', '1.1.0', '1.1'])('%s knows tasks, and no instances', async (dialect) => {
  const events = await live(dialect);
  const types = [...typesOf(events)];
  expect(types.filter((type) => type.includes('instance'))).toEqual([]);
  const states = new Set(events.map((event) => event.taskStatus));
  expect(states).toContain('TASK_LOST');
  expect([...states]).not.toEqual(expect.arrayContaining(['TASK_UNREACHABLE']));
  expect([...states]).not.toEqual(expect.arrayContaining(['TASK_KILLING']));
  expect(types.includes('unhealthy_task_kill_event')).toBe(dialect.startsWith('1.'));
  expect(events.some((event) => 'ipAddresses' in event)).toBe(dialect.startsWith('1.'));
  expect(events.every((event) => event.taskId === undefined || /^web\.[0-9a-f-]{36}$/.test(String(event.taskId)))).toBe(
    true,
  );
});

test.each<DialectName>(['1.4', '1.5', '1.10'])('%s knows instances and conditions', async (dialect) => {
  const events = await live(dialect);
  expect(typesOf(events)).toContain('instance_health_changed_event');
  const states = events.map((event) => event.taskStatus);
  expect(states).toEqual(expect.arrayContaining(['TASK_UNREACHABLE', 'TASK_KILLING']));
  const conditions = new Set(events.map((event) => event.condition));
  expect(conditions.has('Created')).toBe(dialect !== '1.10');
  expect(conditions.has('Scheduled')).toBe(dialect === '1.10');
  const failed = events.find((event) => event.eventType === 'failed_health_check_event');
  const key = dialect === '1.4' ? 'instanceId' : 'taskId';
  expect(failed?.[key]).toMatch(dialect === '1.10' ? /^web\.instance-/ : /^web\.marathon-/);
  // A goal that changed alone is told since 1.8: Running, then Running again.
  const killed = events.filter(({ instanceId }) => instanceId === failed?.[key]).map(({ condition }) => condition);
  expect(killed.filter((condition) => condition === 'Running').length).toBe(dialect === '1.10' ? 2 : 1);
});

test('plans hold all apps before and after up to 1.5, and name actions as their version does', async () => {
  const planOf = async (dialect: DialectName): Promise<Any> =>
    (await live(dialect)).filter(({ eventType }) => eventType === 'deployment_info').at(-1)?.plan;
  const heavy = await planOf('1.1');
  expect(heavy.original.apps.map((app: Any) => app.id)).toEqual(['/web']);
  expect(heavy.target.apps).toEqual([]);
  expect(heavy.steps).toEqual([{ actions: [{ action: 'StopApplication', app: '/web' }] }]);
  expect((await planOf('1.1.0')).steps).toEqual([{ actions: [{ type: 'StopApplication', app: '/web' }] }]);
  expect(await planOf('1.5')).toHaveProperty('original');
  expect(await planOf('1.10')).not.toHaveProperty('original');
});

test('0.8 ends a deployment without its plan', async () => {
  const success = (await live('0.8')).find(({ eventType }) => eventType === 'deployment_success');
  expect(Object.keys(success!).sort()).toEqual(['eventType', 'id', 'timestamp']);
});
