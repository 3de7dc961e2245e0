import type { MarathonEvent } from '@signalbox/testkit/marathon';

/** What Marathon says of one task. */
export interface TaskEvent {
  readonly task: string;
  readonly app: string;
  readonly kind: 'running' | 'ending' | 'ended' | 'unreachable';
}

const kinds: Readonly<Record<string, TaskEvent['kind']>> = {
  TASK_RUNNING: 'running',
  TASK_KILLING: 'ending',
  TASK_KILLED: 'ended',
  TASK_FAILED: 'ended',
  TASK_FINISHED: 'ended',
  TASK_UNREACHABLE: 'unreachable',
};

/** Undefined for an event that is not about the life of a task. */
export function toTaskEvent({ eventType, taskId, appId, taskStatus }: MarathonEvent): TaskEvent | undefined {
  if (eventType !== 'status_update_event' || typeof taskId !== 'string' || typeof appId !== 'string') return undefined;
  const kind = kinds[String(taskStatus)];
  return kind === undefined ? undefined : { task: taskId, app: appId, kind };
}
