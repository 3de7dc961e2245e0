import { SimulatorError } from '../error.ts';
import type { Cluster } from './cluster.ts';
import { healthOf, type Task } from './task.ts';

/** What the cluster is still about to do, in words; empty when nothing will change by itself. */
export function unsettled(cluster: Cluster): string[] {
  const reasons = [...cluster.deployments.values()].map(({ appId, id, step, steps }) => {
    return `deployment ${id} of ${appId} (${steps[step]})`;
  });
  for (const task of cluster.allTasks()) {
    if (!isAtRest(task)) reasons.push(`${task.instanceId} (${task.condition})`);
  }
  for (const { spec } of cluster.apps.values()) {
    const wanted = cluster.tasksOf(spec.id).filter((task) => task.wanted).length;
    if (wanted !== spec.instances) reasons.push(`${spec.id} (${wanted} of ${spec.instances} tasks)`);
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

/** Resolves as soon as nothing is left to do. Looks after every action, so that it is not late. */
export async function awaitSettled(cluster: Cluster, isLeaderless: () => boolean): Promise<void> {
  const { scheduler, timing } = cluster.settings;
  const deadline = Date.now() + timing.settleTimeoutMs;
  while (unsettled(cluster).length > 0 || isLeaderless()) {
    if (Date.now() > deadline) {
      const reasons = unsettled(cluster);
      throw new SimulatorError(
        'NOT_SETTLED',
        `waiting ${timing.settleTimeoutMs} ms for the cluster to settle: ${reasons.slice(0, 10).join(', ')}`,
      );
    }
    await new Promise<void>((resolve) => scheduler.after(5, resolve));
  }
}
