import type { Task } from '../../cluster/task.ts';
import { taskIdOf } from '../../cluster/task-id.ts';
import type { Json } from './json.ts';

/** The fields of a task that 0.8 to 1.3 have in common. */
export function toTaskBefore1_4(task: Task): Json {
  return {
    id: taskIdOf(task),
    host: task.agent?.address,
    ports: task.ports,
    startedAt: task.startedAt ?? null,
    stagedAt: task.stagedAt,
    version: task.spec.version,
    appId: task.spec.id,
  };
}
