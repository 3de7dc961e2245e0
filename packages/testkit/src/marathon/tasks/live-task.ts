import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { listen } from '../../ports/listen.ts';
import type { Task } from '../cluster/task.ts';
import type { TaskProcess } from '../cluster/task-process.ts';
import { createConnections } from './connections.ts';
import { createRequestHandler, type TaskMood } from './http-task.ts';
import { serveTcp } from './tcp-task.ts';

export interface TaskListener {
  readonly host: string;
  readonly port: number;
  readonly kind: 'http' | 'tcp';
}

/** Starts the servers of a task. Rejects if one cannot listen, and leaves none behind then. */
export async function launchLiveTask(task: Task, listeners: readonly TaskListener[]): Promise<TaskProcess> {
  const mood: TaskMood = { healthy: true, ready: task.spec.readinessChecks.length === 0, ending: false };
  const connections = createConnections();
  // The HTTP server never listens itself: its `close` would end idle connections in the same breath, which a task that drains must not do.
  const http = createHttpServer({ keepAliveTimeout: 0 }, createRequestHandler(task, mood, connections));
  const servers: Server[] = [];
  const stopAccepting = () => {
    mood.ending = true;
    for (const server of servers.splice(0)) server.close();
  };
  try {
    for (const { host, port, kind } of listeners) {
      const server = createServer({ noDelay: true, allowHalfOpen: kind === 'http' }, (socket: Socket) => {
        connections.add(socket);
        if (kind === 'http') http.emit('connection', socket);
        else serveTcp(task, socket);
      });
      servers.push(server);
      await listen(server, { host, port });
    }
  } catch (error) {
    stopAccepting();
    throw error;
  }
  return {
    setHealthy(healthy) {
      mood.healthy = healthy;
    },
    setReady(ready) {
      mood.ready = ready;
    },
    stopAccepting,
    finish: () => connections.finish(),
    destroy() {
      stopAccepting();
      connections.destroy();
    },
  };
}
