import type { Cluster } from './cluster.ts';
import type { Condition, Task } from './task.ts';

/** Moves a task on because Mesos reported a status: two events, the status first (as 1.10 publishes them), then a look at its app. */
export function reportStatus(cluster: Cluster, task: Task, condition: Condition, message = ''): void {
  task.condition = condition;
  publishStatus(cluster, task, condition, message);
  cluster.publish({ type: 'instance', task, condition });
  cluster.touch(task.spec.id);
}

/** A status is that of one Mesos task: a pod has one per container. */
function publishStatus(cluster: Cluster, task: Task, condition: Condition, message: string): void {
  const containers = task.spec.pod?.containers.map(({ name }) => name) ?? [undefined];
  for (const container of containers) cluster.publish({ type: 'status', task, container, condition, message });
}

/** Moves a task on without a word from Mesos. */
export function changeCondition(cluster: Cluster, task: Task, condition: Condition): void {
  task.condition = condition;
  cluster.publish({ type: 'instance', task, condition });
  cluster.touch(task.spec.id);
}
