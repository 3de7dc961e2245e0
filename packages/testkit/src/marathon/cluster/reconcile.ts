import { advanceDeployment } from './advance-deployment.ts';
import { hasPresentConfiguration } from './app.ts';
import type { Cluster } from './cluster.ts';
import { scheduleTask } from './launch-task.ts';
import { scaleTasks } from './scale-tasks.ts';
import type { Task } from './task.ts';

/** Brings an app closer to what is wanted: goes on with its deployment, or replaces what ended by itself. */
export function reconcile(cluster: Cluster, appId: string): void {
  relaunchFailed(cluster, appId);
  const deployment = cluster.deployments.get(appId);
  if (deployment !== undefined) {
    advanceDeployment(cluster, deployment);
    return;
  }
  const app = cluster.apps.get(appId);
  if (app !== undefined) scaleTasks(cluster, app.spec, undefined);
}

/** An instance that failed goes on under its id, unless its version has been replaced; before 1.8, another takes its place. */
function relaunchFailed(cluster: Cluster, appId: string): void {
  const { rules, timing } = cluster.settings;
  const spec = cluster.apps.get(appId)?.spec;
  for (const task of cluster.tasksOf(appId)) {
    if (task.condition !== 'Failed' || task.pending.size > 0) continue;
    if (spec === undefined || !hasPresentConfiguration(spec, task.spec.version)) cluster.removeTask(task);
    else cluster.later(task, timing.relaunchMs, () => (rules.keepsInstances ? scheduleTask : giveWay)(cluster, task));
  }
}

function giveWay(cluster: Cluster, task: Task): void {
  cluster.removeTask(task);
  cluster.touch(task.spec.id);
}
