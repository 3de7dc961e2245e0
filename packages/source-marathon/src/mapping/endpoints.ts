import type { Endpoint, Health } from '@signalbox/core';
import type { App, Task } from './app.ts';
import { isReady } from './readiness.ts';
import {
  type AddressPreference,
  chooseAddress,
  hostPortCountOf,
  type TaskPort,
  taskPortsOf,
} from './task-addresses.ts';
import type { TaskMemory } from './task-memory.ts';

export interface EndpointsContext {
  readonly address: AddressPreference;
  readonly memory: TaskMemory;
  readonly nowMs: number;
  /** Older definitions by version, as far as they were fetched; `null` when Marathon no longer has them. */
  readonly definitions?: ReadonlyMap<string, App | null>;
}

export interface AppEndpoints {
  /** Per index of `app.ports`. */
  readonly byPort: readonly (readonly Endpoint[])[];
  /** Versions whose definition is needed to read a task's ports and was not given. */
  readonly missingVersions: readonly string[];
  /** When a task that is held back now will be judged again without a new answer of Marathon; epoch milliseconds. */
  readonly reviewAtMs?: number;
}

/** Which tasks take traffic for which port of the app, and in what condition. */
export function endpointsOf(app: App, context: EndpointsContext): AppEndpoints {
  const byPort: Endpoint[][] = app.ports.map(() => []);
  const missingVersions = new Set<string>();
  let reviewAtMs: number | undefined;
  for (const task of app.tasks) {
    const routing = routingOf(context.memory.stateOf(task));
    if (routing === 'out') continue;
    if (!definitionIsKnown(task, app, context)) missingVersions.add(task.version ?? '');
    const definition = definitionFor(task, app, context);
    const condition = conditionOf(task, definition, app, context);
    if (typeof condition === 'object') {
      reviewAtMs = Math.min(reviewAtMs ?? Number.POSITIVE_INFINITY, condition.reviewAtMs);
      continue;
    }
    const ports = taskPortsOf(task, definition);
    const metadata = metadataOf(task);
    for (const [index, endpoints] of byPort.entries()) {
      const port = portFor(index, app, definition, ports);
      const reachable = port && chooseAddress(port, context.address);
      if (reachable === undefined) continue;
      const { address, port: number } = reachable;
      endpoints.push(
        routing === 'drain'
          ? { id: task.id, address, port: number, health: condition, draining: true, metadata }
          : { id: task.id, address, port: number, health: condition, metadata },
      );
    }
  }
  return {
    byPort,
    missingVersions: [...missingVersions],
    ...(reviewAtMs !== undefined && Number.isFinite(reviewAtMs) && { reviewAtMs }),
  };
}

/**
 * A killed task and one on a partitioned agent may still serve what is open, so they drain. For an unreachable task this
 * ends by itself: Marathon expunges it, or it runs again; one without ports has nothing to drain and drops out further down.
 */
export function routingOf(state: string): 'in' | 'drain' | 'out' {
  if (state === 'TASK_RUNNING') return 'in';
  return state === 'TASK_KILLING' || state === 'TASK_UNREACHABLE' ? 'drain' : 'out';
}

/**
 * The health to show, or that the task is not yet to be offered. Such a task is left out rather than called unhealthy:
 * it is no verdict of the source, and a sink may keep unhealthy endpoints when nothing else is left.
 */
function conditionOf(
  task: Task,
  definition: App,
  app: App,
  { memory, nowMs }: EndpointsContext,
): Health | { readonly reviewAtMs: number } {
  if (app.awaitsReadiness) {
    const ready = isReady(task, app, memory.wasReady(task.id));
    memory.noteReady(task.id, ready);
    if (!ready) return { reviewAtMs: Number.POSITIVE_INFINITY };
  }
  if (definition.healthChecks.length === 0) return 'healthy';
  const verdict = memory.judge(task, task.verdict);
  if (verdict !== undefined) return verdict;
  const graceMs = Math.max(...definition.healthChecks.map((check) => check.gracePeriodMs));
  const graceEndsAtMs = memory.firstSeenAtMs(task, nowMs) + graceMs;
  return graceEndsAtMs > nowMs ? { reviewAtMs: graceEndsAtMs } : 'unknown';
}

/** A task of another version differs in its ports only if their number does not fit; scaling changes the version as well. */
function needsOwnDefinition(task: Task, app: App): boolean {
  return task.version !== undefined && task.version !== app.version && task.ports.length !== hostPortCountOf(app);
}

function definitionIsKnown(task: Task, app: App, { definitions }: EndpointsContext): boolean {
  return !needsOwnDefinition(task, app) || definitions?.has(task.version ?? '') === true;
}

function definitionFor(task: Task, app: App, { definitions }: EndpointsContext): App {
  return (needsOwnDefinition(task, app) ? definitions?.get(task.version ?? '') : undefined) ?? app;
}

/** The task's port that carries what the app's present port `index` carries: of the same name, else at the same place. */
function portFor(index: number, app: App, definition: App, ports: readonly TaskPort[]): TaskPort | undefined {
  if (definition === app) return ports[index];
  const name = app.ports[index]?.name;
  const named = name === undefined ? -1 : definition.ports.findIndex((port) => port.name === name);
  if (named >= 0) return ports[named];
  const samePlace = definition.ports[index];
  return samePlace === undefined || (name !== undefined && samePlace.name !== undefined) ? undefined : ports[index];
}

function metadataOf(task: Task): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  if (task.host !== undefined) metadata.agent = task.host;
  if (task.version !== undefined) metadata.version = task.version;
  if (task.region !== undefined) metadata.region = task.region;
  if (task.zone !== undefined) metadata.zone = task.zone;
  return metadata;
}
