import type { Task, Verdict } from './app.ts';
import { arrayOf, isObject, type JsonObject, numberOf, ShapeError, strictArrayOf, textOf } from './read-fields.ts';

/**
 * The tasks of one answer by id. A task in which nothing changed that matters here stays the same object, and when this
 * holds for all, so does the map: in an answer of 10,000 tasks, 10,000 times of health checks change and nothing else.
 *
 * @throws {ShapeError} when one of them cannot be a task.
 */
export function parseTasks(
  values: readonly unknown[],
  known: ReadonlyMap<string, Task> | undefined,
): ReadonlyMap<string, Task> {
  const tasks = new Map<string, Task>();
  let changed = values.length !== known?.size;
  for (const value of values) {
    if (!isObject(value)) throw new ShapeError('a task is not an object');
    const before = known?.get(textOf(value.id) ?? '');
    const task = before !== undefined && isTask(before, value) ? before : parseTask(value);
    if (task !== before) changed = true;
    tasks.set(task.id, task);
  }
  return changed || known === undefined || tasks.size !== known.size ? tasks : known;
}

/** @throws {ShapeError} when it cannot be a task. */
export function parseTask(value: JsonObject): Task {
  const id = textOf(value.id);
  if (id === undefined) throw new ShapeError('a task has no id');
  return {
    id,
    state: stateOf(value),
    host: textOf(value.host),
    ports: strictArrayOf(value.ports, 'ports').map(portOrZero),
    addresses: addressesOf(value.ipAddresses),
    version: textOf(value.version),
    startedAt: textOf(value.startedAt),
    region: textOf(value.region),
    zone: textOf(value.zone),
    verdict: verdictOf(value.healthCheckResults),
  };
}

/** Whether {@link parseTask} would give an equal task; builds none to find out. */
function isTask(task: Task, value: JsonObject): boolean {
  return (
    task.state === stateOf(value) &&
    task.host === textOf(value.host) &&
    task.version === textOf(value.version) &&
    task.startedAt === textOf(value.startedAt) &&
    task.region === textOf(value.region) &&
    task.zone === textOf(value.zone) &&
    task.verdict === verdictOf(value.healthCheckResults) &&
    hasItems(task.ports, strictArrayOf(value.ports, 'ports'), portOrZero) &&
    hasItems(task.addresses, arrayOf(value.ipAddresses), addressOf)
  );
}

function hasItems<Item>(
  items: readonly Item[],
  values: readonly unknown[],
  read: (value: unknown) => Item | undefined,
): boolean {
  return items.length === values.length && items.every((item, index) => item === read(values[index]));
}

/** Before 0.15.4 and in 1.0.0 to 1.1.1 there is no state, and `startedAt` is the only sign that a task runs. */
function stateOf(value: JsonObject): string {
  return textOf(value.state) ?? (textOf(value.startedAt) === undefined ? 'TASK_STAGING' : 'TASK_RUNNING');
}

/**
 * "No result" is not "unhealthy": every Marathon-level result is gone for a while after a change of leader, and a result
 * that never saw a success or a failure only says that the grace period runs (`Health.scala`, `HealthCheckActor.scala`).
 * 0.7 to 0.8.1 print `null` for a check that has not run yet.
 */
export function verdictOf(results: unknown): Verdict {
  let verdict: Verdict = 'unknown';
  let waiting = false;
  for (const result of arrayOf(results)) {
    if (!isObject(result)) continue;
    if (result.alive === true) verdict = 'healthy';
    else if (textOf(result.firstSuccess) ?? textOf(result.lastSuccess) ?? textOf(result.lastFailure)) {
      return 'unhealthy';
    } else waiting = true;
  }
  return waiting ? 'unknown' : verdict;
}

function portOrZero(value: unknown): number {
  return numberOf(value) ?? 0;
}

function addressesOf(value: unknown): readonly string[] {
  const addresses: string[] = [];
  for (const entry of arrayOf(value)) {
    const address = addressOf(entry);
    if (address !== undefined) addresses.push(address);
  }
  return addresses;
}

function addressOf(entry: unknown): string | undefined {
  return isObject(entry) ? textOf(entry.ipAddress) : undefined;
}
