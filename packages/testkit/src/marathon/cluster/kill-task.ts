import { changeCondition, reportStatus } from './change-condition.ts';
import type { Cluster } from './cluster.ts';
import { endTask, expungeTask } from './end-task.ts';
import type { Task } from './task.ts';

/**
 * Asks a task to end, as Mesos does with SIGTERM: it answers everything while balancers learn of it, then takes no new connections, finishes
 * what is in flight and ends. It is not wanted any more.
 */
export function killTask(cluster: Cluster, task: Task): void {
  if (!task.wanted) return;
  task.wanted = false;
  if (task.agent === undefined) {
    changeCondition(cluster, task, 'Killed');
    for (const cancel of task.pending) cancel();
    cluster.removeTask(task);
    return;
  }
  // A kill of what nobody can reach gives it up at once (MS/core/task/termination/impl/KillAction.scala).
  if (task.condition.startsWith('Unreachable')) {
    expungeTask(cluster, task);
    return;
  }
  cluster.publish({ type: 'goal', task, condition: task.condition });
  cluster.touch(task.spec.id);
  if (task.ending || !task.agent.connected) return;
  task.ending = true;
  for (const cancel of task.pending) cancel();
  task.pending.clear();
  if (cluster.settings.rules.killingState) reportStatus(cluster, task, 'Killing');
  const { timing } = cluster.settings;
  if (task.process === undefined) {
    cluster.later(task, cluster.jitter(0), () => endTask(cluster, task, 'Killed', 'Command terminated'));
    return;
  }
  cluster.later(task, timing.drainMs, () => {
    task.process?.stopAccepting();
    cluster.later(task, cluster.jitter(timing.lingerMs), () => finishTask(cluster, task));
  });
}

function finishTask(cluster: Cluster, task: Task): void {
  const end = () => endTask(cluster, task, 'Killed', 'Container exited with status 143');
  const pending = task.process?.finish();
  if (pending === undefined) {
    end();
    return;
  }
  const process = task.process;
  void pending.then(() => {
    // The agent may have been lost, or the time be up, before the last answer was out.
    if (task.process === process && task.agent?.connected) cluster.later(task, 0, end);
  });
  cluster.later(task, cluster.settings.timing.killGraceMs, () => process?.destroy());
}

/** Ends a task without notice: what it serves breaks now, Marathon learns of it later and launches it again. */
export function crashTask(cluster: Cluster, task: Task): void {
  for (const cancel of task.pending) cancel();
  task.pending.clear();
  task.process?.destroy();
  task.process = undefined;
  cluster.later(task, cluster.settings.timing.failureNoticeMs, () =>
    endTask(cluster, task, 'Failed', 'Container exited with status 137'),
  );
}
