import type { Cluster } from './cluster.ts';
import type { Condition, Task } from './task.ts';

/** Moves a task on because Mesos reported a status: two events, the status first (as 1.10 publishes them), then a look at its app. */
export function reportStatus(cluster: Cluster, task: Task, condition: Condition, message = ''): void {
  task.condition = condition;
  cluster.publish({ type: 'status', task, condition, message });
  cluster.publish({ type: 'instance', task, condition });
  cluster.touch(task.spec.id);
}

/** Moves a task on without a word from Mesos. */
export function changeCondition(cluster: Cluster, task: Task, condition: Condition): void {
  task.condition = condition;
  cluster.publish({ type: 'instance', task, condition });
  cluster.touch(task.spec.id);
}
