import type { App, Task } from './app.ts';

/**
 * Readiness is known only while a deployment runs. There is a gap between the start of a task and its first result, so for a
 * task of the version that is being deployed absence means "not yet" (traefik 1.7, `provider/marathon/readiness.go`), unless
 * it was found ready before: a change of leader loses the results in the middle of a deployment.
 */
export function isReady(task: Task, app: App, wasReady: boolean): boolean {
  if (!app.awaitsReadiness) return true;
  const result = Object.hasOwn(app.readiness, task.id) ? app.readiness[task.id] : undefined;
  return result ?? (wasReady || task.version !== app.version);
}
