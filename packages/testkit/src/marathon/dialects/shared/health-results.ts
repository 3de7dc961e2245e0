import type { CheckResult, Task } from '../../cluster/task.ts';
import { taskIdOf } from '../../cluster/task-id.ts';
import type { Json } from './json.ts';

/** Results before 1.6: what is not known is `null`, and without any there is no list (`healthCheckResults`, MS/api/v2/json/Formats.scala). */
export function toResults(task: Task, toResult: (check: CheckResult, task: Task) => Json): Json {
  return task.checks.length === 0 ? {} : { healthCheckResults: task.checks.map((check) => toResult(check, task)) };
}

/** Up to 1.0. */
export function toResultWithoutCause(check: CheckResult, task: Task): Json {
  return { ...toTimes(check), taskId: taskIdOf(task) };
}

/** 1.1 to 1.3. */
export function toTaskResult(check: CheckResult, task: Task): Json {
  return { ...toTimes(check), lastFailureCause: check.lastFailureCause ?? null, taskId: taskIdOf(task) };
}

/** 1.4 and 1.5. */
export function toInstanceResult(check: CheckResult, task: Task): Json {
  return { ...toTimes(check), lastFailureCause: check.lastFailureCause ?? null, instanceId: task.instanceId };
}

function toTimes(check: CheckResult): Json {
  return {
    alive: check.alive,
    consecutiveFailures: check.consecutiveFailures,
    firstSuccess: check.firstSuccess ?? null,
    lastFailure: check.lastFailure ?? null,
    lastSuccess: check.lastSuccess ?? null,
  };
}
