import type { Agent } from './agents.ts';
import { changeCondition, reportStatus } from './change-condition.ts';
import { startChecks } from './check-health.ts';
import type { Cluster } from './cluster.ts';
import { endTask, expungeTask } from './end-task.ts';
import { isPlaced, type Task } from './task.ts';

/** Cuts an agent off. Its tasks serve no more from now on, but nobody is told before Mesos gives the agent up. */
export function loseAgent(cluster: Cluster, agent: Agent): void {
  if (!agent.connected) return;
  agent.connected = false;
  for (const task of tasksOn(cluster, agent)) {
    for (const cancel of task.pending) cancel();
    task.pending.clear();
    task.process?.destroy();
    task.process = undefined;
    cluster.later(task, cluster.jitter(cluster.settings.timing.agentTimeoutMs), () => markUnreachable(cluster, task));
  }
}

/** Brings an agent back with those of its tasks that have not been given up. */
export function restoreAgent(cluster: Cluster, agent: Agent): void {
  if (agent.connected) return;
  agent.connected = true;
  for (const task of agent.orphans.splice(0)) cluster.publish({ type: 'unknown-instance-terminated', task });
  for (const task of tasksOn(cluster, agent)) {
    for (const cancel of task.pending) cancel();
    task.pending.clear();
    cluster.later(task, 0, () => resumeTask(cluster, task));
  }
  for (const appId of cluster.apps.keys()) cluster.touch(appId);
}

function tasksOn(cluster: Cluster, agent: Agent): Task[] {
  return cluster.allTasks().filter((task) => isPlaced(task) && task.agent === agent);
}

function markUnreachable(cluster: Cluster, task: Task): void {
  if (!task.wanted) {
    endTask(cluster, task, 'Killed', 'Agent is gone');
    return;
  }
  // What Mesos said of a pod stands in the status that Marathon keeps.
  if (task.spec.pod === undefined) task.checks = [];
  reportStatus(cluster, task, 'Unreachable', `Agent ${task.agent?.address} is unreachable`);
  const strategy = task.spec.unreachableStrategy;
  if (strategy === 'disabled') return;
  const { expungeMs } = cluster.settings.timing;
  cluster.later(task, strategy.inactiveAfterSeconds * 1000, () => {
    changeCondition(cluster, task, 'UnreachableInactive');
    const restSeconds = Math.max(0, strategy.expungeAfterSeconds - strategy.inactiveAfterSeconds);
    cluster.later(task, restSeconds * 1000 + cluster.jitter(expungeMs), () => expungeTask(cluster, task));
  });
}

async function resumeTask(cluster: Cluster, task: Task): Promise<void> {
  const wasKnownToRun = task.condition === 'Running' && task.startedAt !== undefined;
  if (!task.wanted || task.startedAt === undefined) {
    endTask(cluster, task, task.wanted ? 'Failed' : 'Killed', 'Agent was away');
    return;
  }
  try {
    task.process = await cluster.settings.launcher.launch(task);
  } catch (error) {
    endTask(cluster, task, 'Failed', error instanceof Error ? error.message : String(error));
    return;
  }
  task.process.setHealthy(task.healthy);
  task.process.setReady(task.ready === true);
  if (!wasKnownToRun) reportStatus(cluster, task, 'Running');
  startChecks(cluster, task);
}
