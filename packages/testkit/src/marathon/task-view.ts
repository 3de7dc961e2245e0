import { healthOf, isPlaced, type Task, taskIdOf } from './cluster/task.ts';
import { toTaskState } from './rest/task-state.ts';
import type { TaskView } from './simulator-interface.ts';

/** What the caller of the simulator sees of a task: nothing while it waits for an agent. */
export function toTaskView(task: Task): TaskView[] {
  if (!isPlaced(task)) return [];
  return [
    {
      id: taskIdOf(task),
      instanceId: task.instanceId,
      appId: task.spec.id,
      state: toTaskState(task.condition),
      agent: task.agent.address,
      address: task.addresses[0],
      ports: task.ports,
      version: task.spec.version,
      healthy: healthOf(task),
    },
  ];
}
