import { expect, test } from 'vitest';
import type { AppDefinition } from '../cluster/definition.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { DialectName } from './dialect-name.ts';
import { type Any, readFixture, shapeOf } from './testing/shape.ts';

/** Keys whose values say nothing of the shape: what users choose, and how the fixture's cluster stood when it was looked at. */
const data = new Set(['env', 'labels', 'groups', 'deployments', 'tasks', 'unreachableStrategy']);

/** Each as a user of that version would have posted it: the definition in the sample, without what Marathon adds. */
function toPosted(sample: Any): AppDefinition {
  const { tasks, deployments, version, versionInfo, tasksStaged, tasksRunning, tasksHealthy, tasksUnhealthy, ...app } =
    sample;
  const { readinessCheckResults, acceptedResourceRoles, portDefinitions, ports, container, ...rest } = app;
  // A version that prints both `ports` and `portDefinitions`, or both `ports` and the mappings, takes only one of them.
  const hasMappings = container?.docker?.portMappings !== undefined || container?.portMappings !== undefined;
  const given = hasMappings || rest.ipAddress ? {} : portDefinitions ? { portDefinitions } : ports ? { ports } : {};
  const known = Object.fromEntries(
    Object.entries({ ...rest, ...given, container }).filter(([, value]) => value !== null),
  );
  return { ...(known as unknown as AppDefinition), instances: 1, unreachableStrategy: 'disabled' };
}

interface Case {
  readonly dialect: DialectName;
  readonly fixture: string;
}

test.each<Case>([
  { dialect: '0.8', fixture: 'apps-0.8-embed-tasks.json' },
  { dialect: '0.11', fixture: 'apps-0.11-embed-tasks.json' },
  { dialect: '1.1', fixture: 'apps-1.1-embed.json' },
  { dialect: '1.4', fixture: 'apps-1.4-embed.json' },
  { dialect: '1.5', fixture: 'apps-1.5-embed.json' },
])('$dialect prints apps and tasks of every kind as $fixture has them', async ({ dialect, fixture }) => {
  await using simulator = await createMarathonSimulator({ dialect, liveTasks: false });
  const samples: Any[] = (await readFixture(fixture)).apps;
  for (const sample of samples) await simulator.createApp(toPosted(sample));
  await simulator.settled();
  const { apps } = (await (await fetch(`${simulator.urls[0]}/v2/apps?embed=apps.tasks`)).json()) as Any;
  for (const sample of samples) {
    const app = apps.find((each: Any) => each.id === sample.id);
    expect([app.id, shapeOf(app, data)]).toEqual([app.id, shapeOf(sample, data)]);
    expect([app.id, shapeOf(app.labels), app.env]).toEqual([app.id, shapeOf(sample.labels), sample.env ?? undefined]);
    const sampleTask = sample.tasks.find((task: Any) => isOrdinary(task, sample.healthChecks?.length > 0));
    if (sampleTask === undefined) continue;
    expect([app.id, toTaskShape(app.tasks[0])]).toEqual([app.id, toTaskShape(sampleTask)]);
  }
});

/** One that runs, has an address if it may have one, and results if it is checked. */
function isOrdinary(task: Any, checked: boolean): boolean {
  const hasResults = task.healthCheckResults !== undefined && !task.healthCheckResults.includes(null);
  const hasAddress = task.state === undefined || task.ipAddresses?.length > 0;
  return task.startedAt && hasAddress && (task.state ?? 'TASK_RUNNING') === 'TASK_RUNNING' && hasResults === checked;
}

/** The simulator gives a task one address, and its checks pass; a failure in a sample is as long as a success. */
function toTaskShape({ ipAddresses, healthCheckResults, localVolumes: _, ...task }: Any): Any {
  return {
    ...shapeOf(task),
    ...(ipAddresses?.length ? { ipAddresses: shapeOf(ipAddresses[0]) } : {}),
    ...(healthCheckResults
      ? { healthCheckResults: healthCheckResults.map((each: Any) => Object.keys(each).sort()) }
      : {}),
  };
}
