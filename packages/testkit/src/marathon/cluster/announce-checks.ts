import type { Cluster } from './cluster.ts';
import type { Task } from './task.ts';

/** Tells that the checks of a version are made from now on, when its first task runs. */
export function announceChecks(cluster: Cluster, task: Task): void {
  const { spec } = task;
  if (spec.pod !== undefined) return;
  if (tasksOfVersion(cluster, task).some((other) => other !== task && other.startedAt !== undefined)) return;
  for (const check of spec.healthChecks) cluster.publish({ type: 'check-added', spec, check });
}

/** Tells that the checks of a version are made no more, when its last task is gone. */
export function retractChecks(cluster: Cluster, task: Task): void {
  if (task.spec.pod !== undefined || task.startedAt === undefined || tasksOfVersion(cluster, task).length > 0) return;
  for (const _ of task.spec.healthChecks) cluster.publish({ type: 'check-removed', appId: task.spec.id });
}

function tasksOfVersion(cluster: Cluster, task: Task): Task[] {
  return cluster.tasksOf(task.spec.id).filter((other) => other.spec.version === task.spec.version);
}
