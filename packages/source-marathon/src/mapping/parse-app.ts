import type { App, MarathonHealthCheck, Task } from './app.ts';
import { declaredPortsOf, networkModeOf } from './parse-ports.ts';
import { parseTask } from './parse-task.ts';
import {
  arrayOf,
  isObject,
  type JsonObject,
  labelsOf,
  numberOf,
  ShapeError,
  strictArrayOf,
  textOf,
} from './read-fields.ts';

/** @throws {ShapeError} when it cannot be an app with its tasks embedded. */
export function parseApp(value: unknown): App {
  const app = parseDefinition(value);
  const fields = value as JsonObject;
  // Something in between that drops the query would otherwise empty every service: tasks that must exist are not there.
  if (fields.tasks == null && (numberOf(fields.tasksRunning) ?? app.instances) > 0) {
    throw new ShapeError('"tasks" is missing although the app has some');
  }
  const tasks = strictArrayOf(fields.tasks, 'tasks').map(parseTask);
  return {
    ...app,
    awaitsReadiness: app.awaitsReadiness && arrayOf(fields.deployments).length > 0,
    readiness: readinessOf(fields.readinessCheckResults),
    // Marathon's order is that of a hash map; a stable one keeps an unchanged service equal.
    tasks: tasks.sort(byId),
  };
}

/** The definition alone, as `/v2/apps/{id}/versions/{version}` answers it. */
export function parseDefinition(value: unknown): App {
  if (!isObject(value)) throw new ShapeError('an app is not an object');
  const id = appIdOf(value);
  if (id === undefined) throw new ShapeError('an app has no id');
  const instances = numberOf(value.instances);
  if (instances === undefined) throw new ShapeError('"instances" is not a number');
  const mode = networkModeOf(value);
  return {
    id,
    version: textOf(value.version) ?? '',
    instances,
    labels: labelsOf(value.labels),
    mode,
    ports: declaredPortsOf(value, mode),
    healthChecks: arrayOf(value.healthChecks).filter(isObject).map(parseHealthCheck),
    awaitsReadiness: arrayOf(value.readinessChecks).length > 0,
    readiness: {},
    tasks: [],
  };
}

/** The id even of an app whose other parts cannot be read. */
export function appIdOf(value: unknown): string | undefined {
  const id = isObject(value) ? textOf(value.id) : undefined;
  return id?.startsWith('/') ? id : undefined;
}

function parseHealthCheck(check: JsonObject): MarathonHealthCheck {
  const path = textOf(check.path);
  const port = numberOf(check.port);
  return {
    protocol: textOf(check.protocol) ?? 'HTTP',
    ...(path !== undefined && { path }),
    portIndex: numberOf(check.portIndex) ?? 0,
    ...(port !== undefined && port > 0 && { port }),
    // Defaults of `RAML/v2/types/healthCheck.raml`.
    gracePeriodMs: (numberOf(check.gracePeriodSeconds) ?? 300) * 1_000,
    intervalMs: (numberOf(check.intervalSeconds) ?? 60) * 1_000,
    timeoutMs: (numberOf(check.timeoutSeconds) ?? 20) * 1_000,
    maxConsecutiveFailures: numberOf(check.maxConsecutiveFailures) ?? 3,
  };
}

function readinessOf(results: unknown): Readonly<Record<string, boolean>> {
  const readiness = new Map<string, boolean>();
  for (const result of arrayOf(results)) {
    if (!isObject(result)) continue;
    const taskId = textOf(result.taskId);
    if (taskId === undefined) continue;
    readiness.set(taskId, (readiness.get(taskId) ?? true) && result.ready === true);
  }
  return Object.fromEntries(readiness);
}

function byId(left: Task, right: Task): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
