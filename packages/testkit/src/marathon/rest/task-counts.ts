import type { Task } from '../cluster/task.ts';
import type { Json } from '../dialects/shared/json.ts';

/** `tasksStaged` and so on (MS/core/appinfo/TaskCounts.scala). */
export function countTasks(tasks: readonly Task[]): Json {
  const count = (matches: (task: Task) => boolean) => tasks.filter(matches).length;
  return {
    tasksStaged: count((task) => ['Staging', 'Starting', 'Provisioned', 'Scheduled'].includes(task.condition)),
    tasksRunning: count((task) => task.condition === 'Running'),
    tasksHealthy: count((task) => task.checks.length > 0 && task.checks.every((check) => check.alive)),
    tasksUnhealthy: count((task) => task.checks.some((check) => !check.alive)),
  };
}
