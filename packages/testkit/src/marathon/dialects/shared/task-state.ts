import type { Condition } from '../../cluster/task.ts';

const states: Readonly<Record<Condition, string>> = {
  // An instance that waits to be launched again shows as staging, without ports (reference 4.2).
  Scheduled: 'TASK_STAGING',
  Provisioned: 'TASK_STAGING',
  Staging: 'TASK_STAGING',
  Starting: 'TASK_STARTING',
  Running: 'TASK_RUNNING',
  Killing: 'TASK_KILLING',
  Killed: 'TASK_KILLED',
  Failed: 'TASK_FAILED',
  Unreachable: 'TASK_UNREACHABLE',
  UnreachableInactive: 'TASK_UNREACHABLE',
};

/** The state of a Mesos task as REST and events name it. */
export function toTaskState(condition: Condition): string {
  return states[condition];
}

/** Before 1.4 a task out of reach is lost. */
export function toOldTaskState(condition: Condition): string {
  return condition.startsWith('Unreachable') ? 'TASK_LOST' : states[condition];
}
