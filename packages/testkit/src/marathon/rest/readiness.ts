import type { Deployment } from '../cluster/deployment.ts';
import type { Task } from '../cluster/task.ts';
import { taskIdOf } from '../cluster/task-id.ts';
import type { Json } from '../dialects/shared/json.ts';

/** Results exist only while the deployment runs that launched the tasks. */
export function toReadiness(tasks: readonly Task[], deployment: Deployment | undefined): Json[] {
  const isWatched = (task: Task) => deployment !== undefined && task.deploymentId === deployment.id;
  return tasks.filter(isWatched).flatMap((task) => {
    const [check] = task.spec.readinessChecks;
    if (check === undefined || task.ready === undefined) return [];
    const status = task.ready ? (check.httpStatusCodesForReady?.[0] ?? 200) : 503;
    return {
      name: check.name,
      taskId: taskIdOf(task),
      ready: task.ready,
      lastResponse: check.preserveLastResponse
        ? { status, contentType: 'application/json', body: JSON.stringify({ ready: task.ready }) }
        : undefined,
    };
  });
}
