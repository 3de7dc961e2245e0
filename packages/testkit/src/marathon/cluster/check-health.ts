import { isCheckedByMarathon } from './app.ts';
import type { Cluster } from './cluster.ts';
import { killTask } from './kill-task.ts';
import { checkedContainers } from './pod-spec.ts';
import { type CheckResult, healthOf, type Task } from './task.ts';
import { taskIdOf } from './task-id.ts';

/** Begins to check the health and the readiness of a task that has just come up. */
export function startChecks(cluster: Cluster, task: Task): void {
  const { timing } = cluster.settings;
  if (task.spec.healthChecks.length > 0) {
    cluster.later(task, cluster.jitter(timing.healthDelayMs), () => checkHealth(cluster, task));
  }
  // Readiness is only looked at while a deployment runs (MS/core/deployment/impl/ReadinessBehavior.scala).
  if (task.spec.readinessChecks.length === 0 || task.deploymentId === undefined) return;
  cluster.later(task, cluster.jitter(0), () => {
    task.ready = false;
  });
  if (task.spec.env.SIMULATOR_READY === 'false') return;
  cluster.later(task, cluster.jitter(timing.readinessMs) + timing.jitterMs, () => {
    task.process?.setReady(true);
    task.ready = true;
    cluster.touch(task.spec.id);
  });
}

/** The leader has changed: what Marathon itself had found out is lost until it checks again; Mesos' verdicts are in the task status. */
export function forgetHealth(cluster: Cluster): void {
  for (const task of cluster.allTasks()) {
    if (task.condition !== 'Running' || task.ending || !task.spec.healthChecks.some(isCheckedByMarathon)) continue;
    task.checks = [];
    cluster.later(task, cluster.jitter(cluster.settings.timing.healthIntervalMs), () => checkHealth(cluster, task));
  }
}

/** Makes the checks of a task fail or pass from the next one on. */
export function setHealthy(cluster: Cluster, task: Task, healthy: boolean): void {
  task.healthy = healthy;
  task.process?.setHealthy(healthy);
  if (task.condition !== 'Running' || task.spec.healthChecks.length === 0) return;
  cluster.later(task, cluster.jitter(cluster.settings.timing.healthIntervalMs), () => checkHealth(cluster, task));
}

/** One round of all checks. A task that passes is not checked again until something changes: that saves a timer per task. */
function checkHealth(cluster: Cluster, task: Task): void {
  if (task.condition !== 'Running' || task.ending || task.agent?.connected !== true) return;
  const before = healthOf(task);
  const byMesos = !task.spec.healthChecks.some(isCheckedByMarathon);
  task.checks = task.spec.healthChecks.map((_, index) => nextResult(cluster, task, task.checks[index]));
  const healthy = healthOf(task) === true;
  const inGrace = task.checks.every((check) => check.firstSuccess === undefined && check.lastFailure === undefined);
  if (!healthy && !inGrace && !byMesos) {
    for (const check of task.spec.healthChecks) cluster.publish({ type: 'check-failed', task, check });
  }
  if (before !== healthy && !inGrace) tellHealth(cluster, task, healthy, byMesos);
  cluster.touch(task.spec.id);
  if (healthy || killIfHopeless(cluster, task)) return;
  cluster.later(task, cluster.jitter(cluster.settings.timing.healthIntervalMs), () => {
    // Another round may have found it well meanwhile.
    if (!task.healthy) checkHealth(cluster, task);
  });
}

function tellHealth(cluster: Cluster, task: Task, healthy: boolean, byMesos: boolean): void {
  // A verdict of Mesos comes as one more status update; the condition of the instance is the same as before.
  const containers =
    task.spec.pod === undefined ? [undefined] : checkedContainers(task.spec.pod).map(({ name }) => name);
  for (const container of byMesos ? containers : []) {
    cluster.publish({ type: 'status', task, container, condition: 'Running', message: '' });
  }
  // Events about single checks are of apps only.
  for (const _ of task.spec.pod === undefined ? task.spec.healthChecks : [])
    cluster.publish({ type: 'check-health', task, alive: healthy });
  cluster.publish({ type: 'instance-health', task, healthy });
}

function killIfHopeless(cluster: Cluster, task: Task): boolean {
  const hopeless = task.spec.healthChecks.some(
    ({ maxConsecutiveFailures = 3 }, index) =>
      maxConsecutiveFailures > 0 && (task.checks[index]?.consecutiveFailures ?? 0) >= maxConsecutiveFailures,
  );
  if (!hopeless) return false;
  if (task.spec.pod === undefined)
    cluster.publish({ type: 'unhealthy-kill', task, reason: task.checks[0]?.lastFailureCause ?? '' });
  killTask(cluster, task);
  return true;
}

function nextResult(cluster: Cluster, task: Task, before: CheckResult | undefined): CheckResult {
  const now = cluster.settings.clock.timestamp();
  if (task.healthy) {
    const { lastFailure } = before ?? {};
    return {
      alive: true,
      consecutiveFailures: 0,
      firstSuccess: before?.firstSuccess ?? now,
      lastSuccess: now,
      ...(lastFailure === undefined ? {} : { lastFailure }),
    };
  }
  if (before?.firstSuccess === undefined && isInGrace(cluster, task)) return { alive: false, consecutiveFailures: 0 };
  return {
    ...before,
    alive: false,
    consecutiveFailures: (before?.consecutiveFailures ?? 0) + 1,
    lastFailure: now,
    lastFailureCause: `${taskIdOf(task)} answered 503`,
  };
}

/** Failures within the grace period, before the first success, do not count (MS/core/health/impl/HealthCheckActor.scala). */
function isInGrace(cluster: Cluster, task: Task): boolean {
  const graceSeconds = Math.max(...task.spec.healthChecks.map((check) => check.gracePeriodSeconds ?? 300));
  return cluster.settings.clock.nowMs() - Date.parse(task.startedAt ?? '') < graceSeconds * 1000;
}
