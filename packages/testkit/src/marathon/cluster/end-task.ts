import { retractChecks } from './announce-checks.ts';
import { changeCondition, reportStatus } from './change-condition.ts';
import type { Cluster } from './cluster.ts';
import type { Task } from './task.ts';
import { taskIdOf } from './task-id.ts';

/** The task has ended: tells so, frees what it held, and forgets it if it is not wanted any more. */
export function endTask(cluster: Cluster, task: Task, condition: 'Killed' | 'Failed', message: string): void {
  releaseTask(cluster, task);
  reportStatus(cluster, task, condition, message);
  const app = cluster.apps.get(task.spec.id);
  if (condition === 'Failed' && app !== undefined && task.agent !== undefined) {
    app.lastTaskFailure = {
      appId: task.spec.id,
      host: task.agent.address,
      message,
      state: 'TASK_FAILED',
      taskId: taskIdOf(task),
      timestamp: cluster.settings.clock.timestamp(),
      version: task.spec.version,
      slaveId: task.agent.id,
    };
  }
  if (task.wanted) {
    resetTask(task);
    return;
  }
  cluster.removeTask(task);
  retractChecks(cluster, task);
}

/** Marathon gives an unreachable instance up (`forceExpunge` says Killed, MS/core/instance/update/InstanceUpdater.scala). */
export function expungeTask(cluster: Cluster, task: Task): void {
  releaseTask(cluster, task);
  changeCondition(cluster, task, 'Killed');
  cluster.removeTask(task);
  if (task.agent?.connected === false) task.agent.orphans.push(task);
}

function releaseTask(cluster: Cluster, task: Task): void {
  for (const cancel of task.pending) cancel();
  task.pending.clear();
  task.process?.destroy();
  task.process = undefined;
  if (task.agent !== undefined) cluster.settings.launcher.releasePorts(task.agent.address, task.ports);
}

/** Back to an instance that waits for an agent. */
function resetTask(task: Task): void {
  task.agent = undefined;
  task.ports = [];
  task.addresses = [];
  task.stagedAt = undefined;
  task.startedAt = undefined;
  task.checks = [];
  task.ready = undefined;
  task.ending = false;
}
