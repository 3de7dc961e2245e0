import { isEqualData } from '@signalbox/core';
import type { App, MarathonHealthCheck, Task } from './app.ts';
import { type DefinitionFields, definitionFieldsOf, hasDefinition } from './definition-fields.ts';
import { declaredPortsOf, networkModeOf } from './parse-ports.ts';
import { parseTasks } from './parse-task.ts';
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

/** An app as it was read, with what it takes to see in the next answer that nothing about it changed. */
export interface ParsedApp {
  readonly id: string;
  readonly app: App;
  readonly fields: DefinitionFields;
  readonly tasks: ReadonlyMap<string, Task>;
}

/**
 * @param known - the same app in the answer before; given back itself when nothing changed that matters here
 * @throws {ShapeError} when it cannot be an app with its tasks embedded.
 */
export function parseApp(value: unknown, known?: ParsedApp): ParsedApp {
  if (!isObject(value)) throw new ShapeError('an app is not an object');
  const same = known !== undefined && hasDefinition(value, known.fields);
  const definition = same ? known.app : parseDefinition(value);
  // Something in between that drops the query would otherwise empty every service: tasks that must exist are not there.
  if (value.tasks == null && (numberOf(value.tasksRunning) ?? definition.instances) > 0) {
    throw new ShapeError('"tasks" is missing although the app has some');
  }
  const tasks = parseTasks(strictArrayOf(value.tasks, 'tasks'), known?.tasks);
  const awaitsReadiness = definition.declaresReadiness && arrayOf(value.deployments).length > 0;
  const readiness = awaitsReadiness ? readinessOf(value.readinessCheckResults) : noReadiness;
  if (
    same &&
    tasks === known.tasks &&
    awaitsReadiness === known.app.awaitsReadiness &&
    isEqualData(readiness, known.app.readiness)
  ) {
    return known;
  }
  return {
    id: definition.id,
    // Marathon's order is that of a hash map; a stable one keeps an unchanged service equal.
    app: { ...definition, awaitsReadiness, readiness, tasks: [...tasks.values()].sort(byId) },
    fields: same ? known.fields : definitionFieldsOf(value),
    tasks,
  };
}

/** The definition alone, as `/v2/apps/{id}/versions/{version}` answers it. */
export function parseDefinition(value: unknown): App {
  if (!isObject(value)) throw new ShapeError('an app is not an object');
  const fields = definitionFieldsOf(value);
  const id = appIdOf(fields);
  if (id === undefined) throw new ShapeError('an app has no id');
  const instances = numberOf(fields.instances);
  if (instances === undefined) throw new ShapeError('"instances" is not a number');
  const mode = networkModeOf(fields);
  return {
    id,
    version: textOf(fields.version) ?? '',
    instances,
    labels: labelsOf(fields.labels),
    mode,
    ports: declaredPortsOf(fields, mode),
    healthChecks: arrayOf(fields.healthChecks).filter(isObject).map(parseHealthCheck),
    declaresReadiness: arrayOf(fields.readinessChecks).length > 0,
    awaitsReadiness: false,
    readiness: noReadiness,
    tasks: [],
  };
}

const noReadiness: Readonly<Record<string, boolean>> = Object.freeze({});

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
