import { SinkError } from '@signalbox/core';
import { setMapCommand } from '../control/maps.ts';
import { openRuntime, type RuntimeConnection } from '../control/runtime-connection.ts';
import type { Desired, MapName } from '../desired/model.ts';
import { mapNames } from '../desired/model.ts';
import { isSameMark, type Observed, type ObservedServer, type ProcessMark } from '../observed/model.ts';
import { observe, readBackend, readMaps, readMark } from '../observed/observe.ts';
import { withRuntimeChanges } from '../observed/running.ts';
import { phases, type RuntimeChange, type RuntimeStep } from '../plan/runtime-change.ts';
import { diffRuntime } from '../plan/runtime-diff.ts';
import type { SinkState } from '../sink-state.ts';

export interface Transaction {
  readonly desired: Desired;
  /** What the changes were planned against. */
  readonly observed: Observed;
  readonly mark: ProcessMark;
  readonly changes: readonly RuntimeChange[];
  readonly structureMatches: boolean;
}

/**
 * Makes the changes over one connection, reads them back, and repairs once from a fresh look what is not as it should be. There is no
 * undo: always forward to the desired state.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED before anything was done; SINK_APPLY_FAILED when HAProxy does not take the changes.
 */
export async function runTransaction(state: SinkState, transaction: Transaction, signal: AbortSignal): Promise<void> {
  if (transaction.changes.length === 0) return;
  await using connection = await openRuntime(state.settings.runtimeSocket, { signal });
  const { mark } = await readMark(connection, state.paths);
  if (!isSameMark(mark, transaction.mark)) throw targetChanged();
  // Until it is read back, nobody knows what runs.
  state.known = undefined;
  const { desired, structureMatches } = transaction;
  const touched = touchedBy(transaction.changes);
  const failures = await send(state, connection, transaction.changes);
  let observed = await readBack(state, connection, transaction.observed, touched);
  let rest = diffRuntime(state, desired, observed, { ...touched, structureMatches, maps: touched.maps.length > 0 });
  if (rest.length > 0) {
    observed = await observe(connection, state.paths);
    const backends = [...desired.backends.keys()];
    rest = diffRuntime(state, desired, observed, { backends, structureMatches, maps: true });
    const again = touchedBy(rest);
    failures.push(...(await send(state, connection, rest)));
    observed = await readBack(state, connection, observed, again);
    rest = diffRuntime(state, desired, observed, { ...again, structureMatches, maps: true });
    for (const name of again.backends) touched.backends.push(name);
    for (const name of again.maps) touched.maps.push(name);
  }
  if (rest.length > 0) {
    throw new SinkError(`HAProxy did not take the change "${rest[0]?.change.summary}" of ${rest[0]?.change.target}`, {
      code: 'SINK_APPLY_FAILED',
      output: failures.join('\n'),
      hint: 'look at the output; a reload follows if the change is still wanted',
    });
  }
  state.known = { ...observed, mark: await leaveMark(state, connection, mark) };
  if (state.running !== undefined) {
    state.running = withRuntimeChanges(state.running, desired, { ...touched, observed });
    state.follower.follow(state.running);
  }
}

/** Sends the steps in the order of their phases, and gives the replies that are not those of a success. */
async function send(
  state: SinkState,
  connection: RuntimeConnection,
  changes: readonly RuntimeChange[],
): Promise<string[]> {
  const byPhase = new Map<string, RuntimeStep[]>(phases.map((phase) => [phase, []]));
  for (const { steps, server } of changes) {
    for (const step of steps) {
      byPhase.get(step.phase)?.push(step);
      if (step.phase === 'delete' && server !== undefined) state.retirement.postpone(server.backend, server.name);
    }
  }
  const steps = [...byPhase.values()].flat();
  const replies = await connection.send(steps.map(({ command }) => command));
  return steps.flatMap(({ command, reply: expected }, index) => {
    const reply = replies[index] ?? '';
    return expected === undefined || reply === expected ? [] : [`${command}: ${reply}`];
  });
}

/** The observation with what was touched read again. Changes the maps of the one given: it must not be used any more. */
async function readBack(
  state: SinkState,
  connection: RuntimeConnection,
  observed: Observed,
  touched: Touched,
): Promise<Observed> {
  const servers = observed.servers as Map<string, ReadonlyMap<string, ObservedServer>>;
  for (const backend of touched.backends) servers.set(backend, await readBackend(connection, backend));
  const maps = observed.maps as Map<MapName, ReadonlyMap<string, string>>;
  for (const [name, entries] of await readMaps(connection, state.paths, touched.maps)) maps.set(name, entries);
  return observed;
}

async function leaveMark(state: SinkState, connection: RuntimeConnection, before: ProcessMark): Promise<ProcessMark> {
  state.revision += 1;
  const revision = `${state.writerId}-${state.revision}`;
  const [reply] = await connection.send([setMapCommand(state.paths.meta, 'rev', revision)]);
  const { mark } = await readMark(connection, state.paths);
  if (reply !== '' || mark.pid !== before.pid || mark.revision !== revision) throw targetChanged();
  return mark;
}

interface Touched {
  readonly backends: string[];
  readonly maps: MapName[];
}

function touchedBy(changes: readonly RuntimeChange[]): Touched {
  const backends = new Set<string>();
  const maps = new Set<MapName>();
  for (const { server, change } of changes) {
    if (server !== undefined) backends.add(server.backend);
    else for (const name of mapNames) if (change.target.startsWith(`${name}.map `)) maps.add(name);
  }
  return { backends: [...backends], maps: [...maps] };
}

function targetChanged(): SinkError {
  return new SinkError('HAProxy was changed by others between plan and apply', {
    code: 'SINK_TARGET_CHANGED',
    hint: 'nothing to do: a new plan follows',
  });
}
