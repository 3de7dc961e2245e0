import type { Socket } from 'node:net';
import type { Task } from '../cluster/task.ts';
import { taskIdOf } from '../cluster/task-id.ts';

/** Says its task id in one line, and then sends back whatever comes. */
export function serveTcp(task: Task, socket: Socket): void {
  socket.write(`${taskIdOf(task)}\n`);
  socket.pipe(socket);
}
