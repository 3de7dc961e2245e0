import { type AppSpec, hasPresentConfiguration } from './app.ts';
import type { Cluster } from './cluster.ts';
import { killTask } from './kill-task.ts';
import { launchTask } from './launch-task.ts';
import { isReady } from './task.ts';

/**
 * Goes on with a rolling restart: as many new tasks as the over-capacity allows, as many old ones killed as ready new ones stand in for
 * (MS/core/deployment/impl/TaskReplaceActor.scala). Returns true when only new, ready tasks are left.
 */
export function replaceTasks(cluster: Cluster, spec: AppSpec, deploymentId: string): boolean {
  const tasks = cluster.tasksOf(spec.id).filter((task) => task.condition !== 'UnreachableInactive');
  const isNew = (version: string) => hasPresentConfiguration(spec, version);
  const old = tasks.filter((task) => task.wanted && !isNew(task.spec.version));
  const fresh = tasks.filter((task) => task.wanted && isNew(task.spec.version));
  const { minimum, maximum } = capacityOf(spec);

  const ready = fresh.filter(isReady).length;
  const spare = Math.max(0, old.length + ready - minimum);
  for (const task of old.slice(0, spare)) killTask(cluster, task);

  // Tasks that are being killed still hold their place.
  const room = Math.max(0, maximum - tasks.length);
  const missing = Math.max(0, spec.instances - fresh.length);
  for (let count = 0; count < Math.min(room, missing); count += 1) launchTask(cluster, spec, deploymentId);
  for (const task of fresh.slice(spec.instances)) killTask(cluster, task);

  return tasks.length === spec.instances && fresh.length === spec.instances && ready === spec.instances;
}

function capacityOf(spec: AppSpec): { readonly minimum: number; readonly maximum: number } {
  const { minimumHealthCapacity, maximumOverCapacity } = spec.upgradeStrategy;
  const minimum = Math.ceil(spec.instances * minimumHealthCapacity);
  const maximum = Math.floor(spec.instances * (1 + maximumOverCapacity));
  // Neither less nor more would never move: one more is allowed then.
  return { minimum, maximum: minimum === spec.instances && maximum === spec.instances ? maximum + 1 : maximum };
}
