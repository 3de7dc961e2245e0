import type { AppDefinition, MarathonSimulatorOptions } from '@signalbox/testkit/marathon';
import type { ClusterOptions } from './start-cluster.ts';

export interface Size {
  readonly apps: number;
  /** Of each app. */
  readonly tasks: number;
}

/** An agent of the simulator offers 1001 ports, as Mesos does by default; some stay free, so that tasks can be replaced. */
const tasksPerAgent = 800;

/** Given out one by one, so that neighbours in the cluster are neighbours here, and none is chosen by chance. */
const firstServicePort = 10_000;

export function describeSize({ apps, tasks }: Size): string {
  return `${apps}×${tasks}`;
}

/** Apps with one HTTP port each and without health checks: a task serves as soon as it runs. */
export function describeApps({ apps, tasks }: Size): readonly AppDefinition[] {
  return Array.from({ length: apps }, (_, index) => ({
    id: `/bench/app-${index}`,
    instances: tasks,
    cmd: './serve',
    portDefinitions: [{ port: firstServicePort + index, name: 'http' }],
  }));
}

/** One master, so that no time is spent on looking for the leader. */
export function describeCluster(
  size: Size,
  { apps = describeApps(size), ...simulator }: { readonly apps?: readonly AppDefinition[] } & MarathonSimulatorOptions,
): Pick<ClusterOptions, 'apps' | 'simulator'> {
  const agents = Math.max(4, Math.ceil((size.apps * size.tasks) / tasksPerAgent));
  return { apps, simulator: { masters: 1, agents, ...simulator } };
}
