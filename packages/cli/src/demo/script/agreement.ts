import type { Stage } from '../stage/stage.ts';

/** What in the pipeline or its sinks differs from the cluster, or undefined. */
export function findDisagreement(
  cluster: Pick<Stage['cluster'], 'tasks'>,
  pipeline: Pick<Stage['pipeline'], 'catalog' | 'status'>,
): string | undefined {
  const { sources, sinks } = pipeline.status;
  const source = Object.entries(sources).find(([, { health }]) => health !== 'fresh');
  if (source !== undefined) return `source ${source[0]} is ${source[1].health}`;
  const sink = Object.entries(sinks).find(([, { health }]) => health !== 'in-sync');
  if (sink !== undefined) return `sink ${sink[0]} is ${sink[1].health}`;
  return findDifferentApp(countRunningTasks(cluster), countEndpoints(pipeline.catalog));
}

function findDifferentApp(tasks: Counts, endpoints: Counts): string | undefined {
  for (const app of new Set([...tasks.keys(), ...endpoints.keys()])) {
    const [wanted, got] = [tasks.get(app) ?? 0, endpoints.get(app) ?? 0];
    if (wanted !== got) return `${app} has ${got} of ${wanted} endpoints`;
  }
  return undefined;
}

type Counts = ReadonlyMap<string, number>;

function countRunningTasks(cluster: Pick<Stage['cluster'], 'tasks'>): Counts {
  const counts = new Map<string, number>();
  for (const { appId, state } of cluster.tasks()) {
    if (state === 'TASK_RUNNING') counts.set(appId, (counts.get(appId) ?? 0) + 1);
  }
  return counts;
}

/** The apps of the demo have one port each, so a service's name is the app's. */
function countEndpoints(catalog: Stage['pipeline']['catalog']): Counts {
  return new Map(
    [...(catalog?.services.values() ?? [])].map(({ name, endpoints }) => [
      name,
      endpoints.filter(({ draining, health }) => draining !== true && health !== 'unhealthy').length,
    ]),
  );
}
