import { healthOf, isPlaced, type Task } from './cluster/task.ts';
import { taskIdOf } from './cluster/task-id.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { TaskView } from './simulator-interface.ts';

/** What the caller of the simulator sees of a task: nothing while it waits for an agent. */
export function toTaskView(task: Task, dialect: Dialect): TaskView[] {
  if (!isPlaced(task)) return [];
  return [
    {
      id: taskIdOf(task),
      instanceId: task.instanceId,
      appId: task.spec.id,
      state: dialect.json.toState(task.condition),
      agent: task.agent.address,
      address: task.addresses[0],
      ports: task.ports,
      version: task.spec.version,
      healthy: healthOf(task),
    },
  ];
}
