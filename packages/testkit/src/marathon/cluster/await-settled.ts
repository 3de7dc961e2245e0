import { SimulatorError } from '../error.ts';
import type { AppSpec } from './app.ts';
import type { Cluster } from './cluster.ts';
import { healthOf, type Task } from './task.ts';

/** What the cluster is still about to do, in words. */
function unsettled(cluster: Cluster): string[] {
  const reasons = [...cluster.deployments.values()].map(({ appId, id, step, steps }) => {
    return `deployment ${id} of ${appId} (${steps[step]})`;
  });
  for (const task of cluster.allTasks()) {
    if (!isAtRest(task)) reasons.push(`${task.instanceId} (${task.condition})`);
  }
  for (const { spec } of cluster.apps.values()) {
    if (!isComplete(cluster, spec)) reasons.push(`${spec.id} (not ${spec.instances} tasks)`);
  }
  return reasons;
}

/** An unhealthy task is at rest when its checks have found out; whether it will be killed for that is another matter. */
function isAtRest(task: Task): boolean {
  if (task.condition.startsWith('Unreachable')) return task.pending.size === 0;
  if (task.condition !== 'Running' || !task.wanted || task.ending) return false;
  if (task.process === undefined || task.agent?.connected !== true) return false;
  return task.spec.healthChecks.length === 0 || healthOf(task) === task.healthy;
}

function isComplete(cluster: Cluster, spec: AppSpec): boolean {
  return cluster.tasksOf(spec.id).filter((task) => task.wanted).length === spec.instances;
}

/** Asked after every action, so it looks first at the task that kept it from being settled the last time. */
function createSettledCheck(cluster: Cluster): () => boolean {
  let restless: Task | undefined;
  return () => {
    if (cluster.deployments.size > 0) return false;
    if (restless !== undefined && cluster.hasTask(restless) && !isAtRest(restless)) return false;
    restless = cluster.someTask((task) => !isAtRest(task));
    return restless === undefined && [...cluster.apps.values()].every(({ spec }) => isComplete(cluster, spec));
  };
}

/** Resolves after the action that settles the cluster; throws when that takes too long. */
export async function awaitSettled(cluster: Cluster): Promise<void> {
  const isSettled = createSettledCheck(cluster);
  if (isSettled()) return;
  const { scheduler, timing } = cluster.settings;
  await new Promise<void>((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      reject(notSettled(cluster, `${timing.settleTimeoutMs} ms`));
    }, timing.settleTimeoutMs);
    scheduler.watch(() => {
      const settled = isSettled();
      if (timedOut || !(settled || scheduler.closed)) return timedOut;
      clearTimeout(timer);
      if (settled) resolve();
      else reject(notSettled(cluster, 'until the simulator was closed'));
      return true;
    });
  });
}

function notSettled(cluster: Cluster, howLong: string): SimulatorError {
  const reasons = unsettled(cluster).slice(0, 10).join(', ');
  return new SimulatorError('NOT_SETTLED', `waiting ${howLong} for the cluster to settle: ${reasons}`);
}
