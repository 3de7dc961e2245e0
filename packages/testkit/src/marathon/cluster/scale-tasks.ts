import type { AppSpec } from './app.ts';
import type { Cluster } from './cluster.ts';
import { killTask } from './kill-task.ts';
import { launchTask } from './launch-task.ts';
import type { Task } from './task.ts';

/** Launches or kills until as many tasks are wanted as there should be. Those that were given up as unreachable do not count. */
export function scaleTasks(cluster: Cluster, spec: AppSpec, deploymentId: string | undefined): void {
  const active = cluster.tasksOf(spec.id).filter((task) => task.wanted && task.condition !== 'UnreachableInactive');
  for (let count = active.length; count < spec.instances; count += 1) launchTask(cluster, spec, deploymentId);
  const surplus = Math.max(0, active.length - spec.instances);
  for (const task of inKillOrder(active, spec).slice(0, surplus)) killTask(cluster, task);
}

/** Tasks that do not run go first, then by age as the app selects. */
function inKillOrder(tasks: readonly Task[], spec: AppSpec): Task[] {
  const sign = spec.killSelection === 'YOUNGEST_FIRST' ? -1 : 1;
  const rank = (task: Task) => (task.condition === 'Running' ? 1 : 0);
  return [...tasks].sort((one, other) => rank(one) - rank(other) || sign * (one.order - other.order));
}
