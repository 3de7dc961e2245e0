import { isPlaced, type Task } from '../../cluster/task.ts';

/** Before 1.0 a lost task is forgotten; the versions after keep it in their lists for a while. */
export function listsBefore1_0(task: Task): boolean {
  return isPlaced(task) && !task.condition.startsWith('Unreachable');
}
