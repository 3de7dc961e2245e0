import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Task } from '../cluster/task.ts';
import { taskIdOf } from '../cluster/task-id.ts';
import type { Connections } from './connections.ts';

/** What a task would say of itself. */
export interface TaskMood {
  healthy: boolean;
  ready: boolean;
  ending: boolean;
}

/**
 * Answers every path with who it is. Health check paths answer 200 or 503, `/slow?ms=` waits before it answers, and request bodies are read and
 * dropped.
 */
export function createRequestHandler(task: Task, mood: TaskMood, connections: Connections): RequestListener {
  const healthPaths = new Set(task.spec.healthChecks.flatMap((check) => check.path ?? []));
  const readinessPaths = new Set(task.spec.readinessChecks.flatMap((check) => check.path ?? []));
  const taskId = taskIdOf(task);

  return async (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    connections.setBusy(socket, true);
    response.once('close', () => connections.setBusy(socket, false));
    request.resume();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://task');
    if (pathname === '/slow') {
      await wait(Math.min(Number(searchParams.get('ms')) || 0, 60_000), undefined, { ref: false });
    }
    if (response.destroyed) return;
    // An app may be checked at `/`, where it also serves; a 503 there is its own fault, as it would be in life.
    const fails = (healthPaths.has(pathname) && !mood.healthy) || (readinessPaths.has(pathname) && !mood.ready);
    const body = Buffer.from(
      JSON.stringify({
        app: task.spec.id,
        task: taskId,
        version: task.spec.version,
        agent: task.agent?.address,
        port: socket.localPort,
      }),
    );
    response.writeHead(fails ? 503 : 200, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'X-Task': taskId,
      ...(mood.ending ? { Connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}
