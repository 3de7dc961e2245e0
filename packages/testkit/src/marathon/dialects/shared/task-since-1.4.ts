import type { Task } from '../../cluster/task.ts';
import { taskIdOf } from '../../cluster/task-id.ts';
import { toAddresses } from './addresses.ts';
import { toInstanceResult, toResults } from './health-results.ts';
import type { Json } from './json.ts';
import { toTaskState } from './task-state.ts';

/** A task as 1.4 and 1.5 print it: one that is not active any more has no times, version and ports (MS/api/v2/json/Formats.scala). */
export function toTaskSince1_4(task: Task): Json {
  const addresses = toAddresses(task);
  const active = {
    stagedAt: task.stagedAt,
    startedAt: task.startedAt ?? null,
    ports: task.ports,
    version: task.spec.version,
  };
  return {
    ...(addresses.length === 0 ? {} : { ipAddresses: addresses }),
    state: toTaskState(task.condition),
    ...(task.condition === 'UnreachableInactive' ? {} : active),
    id: taskIdOf(task),
    appId: task.spec.id,
    slaveId: task.agent?.id,
    host: task.agent?.address,
    ...toResults(task, toInstanceResult),
  };
}
