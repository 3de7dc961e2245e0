import type { Task, Verdict } from './app.ts';
import { arrayOf, isObject, numberOf, ShapeError, strictArrayOf, textOf, timeOf } from './read-fields.ts';

/** @throws {ShapeError} when it cannot be a task. */
export function parseTask(value: unknown): Task {
  if (!isObject(value)) throw new ShapeError('a task is not an object');
  const id = textOf(value.id);
  if (id === undefined) throw new ShapeError('a task has no id');
  const startedAt = textOf(value.startedAt);
  return {
    id,
    // Before 0.15.4 and in 1.0.0 to 1.1.1 there is no state, and `startedAt` is the only sign that a task runs.
    state: textOf(value.state) ?? (startedAt === undefined ? 'TASK_STAGING' : 'TASK_RUNNING'),
    host: textOf(value.host),
    ports: strictArrayOf(value.ports, 'ports').map((port) => numberOf(port) ?? 0),
    addresses: addressesOf(value.ipAddresses),
    version: textOf(value.version),
    startedAtMs: timeOf(startedAt),
    region: textOf(value.region),
    zone: textOf(value.zone),
    verdict: verdictOf(value.healthCheckResults),
  };
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

function addressesOf(value: unknown): readonly string[] {
  const addresses: string[] = [];
  for (const entry of arrayOf(value)) {
    const address = isObject(entry) ? textOf(entry.ipAddress) : undefined;
    if (address !== undefined) addresses.push(address);
  }
  return addresses;
}
