import { withAbort } from '@signalbox/core';
import type { Cluster } from '../cluster/start-cluster.ts';

export interface TaskNews {
  readonly task: string;
  /** When Marathon published it, in terms of `performance.now()`. */
  readonly atMs: number;
}

export interface TaskWatch {
  /** The next task of the app that comes into this state. Ask before you cause it. */
  next(state: string, app: string, signal: AbortSignal): Promise<TaskNews>;
}

const timeoutMs = 20_000;

export async function createTaskWatch(cluster: Cluster): Promise<TaskWatch> {
  const waiting = new Set<{ readonly state: string; readonly app: string; readonly tell: (news: TaskNews) => void }>();
  cluster.onEvent(({ event, atMs }) => {
    for (const waiter of waiting) {
      if (event.taskStatus !== waiter.state || event.appId !== waiter.app) continue;
      waiting.delete(waiter);
      waiter.tell({ task: String(event.taskId), atMs });
    }
  });
  await cluster.announce('status_update_event');
  return {
    async next(state, app, signal) {
      const news = new Promise<TaskNews>((tell) => waiting.add({ state, app, tell }));
      return await withAbort(news, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    },
  };
}
