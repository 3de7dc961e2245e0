import { parseBackends, showBackendsCommand } from '../control/backends.ts';
import { getMapCommand, parseMapValue, showMapCommand } from '../control/maps.ts';
import type { RuntimeCommand } from '../control/runtime-command.ts';
import { showServerStatesCommand } from '../control/server-state.ts';
import type { ObservedMapName } from '../desired/model.ts';
import type { MapPaths } from '../render/files.ts';
import type { Observed, ObservedServer } from './model.ts';
import { type ObservedMap, toMap, updateMap } from './observed-map.ts';
import { optional } from './optional.ts';
import { createServersReader, parseServersByBackend } from './servers.ts';

/** What a transaction may have changed. */
export interface Touched {
  readonly backends: ReadonlySet<string>;
  /** Some of these were added or deleted. */
  readonly backendList: boolean;
  readonly keys: ReadonlyMap<ObservedMapName, ReadonlySet<string>>;
}

export interface ReadBack {
  /** To be sent behind the changes, in the same write. */
  readonly commands: readonly RuntimeCommand[];
  /** The observation with what was touched as the replies say. Changes the maps of the one given: it must not be used any more. */
  update(replies: readonly string[]): Observed;
}

/**
 * Asking for one backend costs as much as 4 more rows in the dump of all (10 and 3 µs on 2.6, with the parsing), reading one key as much as 16
 * rows of its map (8 and 0.5 µs): where so few rows were not asked for, all are read.
 */
const rowsPerBackend = 4;
const rowsPerKey = 16;

interface Read {
  readonly command: RuntimeCommand;
  readonly update: (reply: string) => void;
}

/** Reads again what was touched, at the cost of what was touched. */
export function readBack(observed: Observed, touched: Touched, paths: MapPaths): ReadBack {
  const reads = [...(touched.backendList ? [listRead(observed)] : []), ...serverReads(observed, touched.backends)];
  for (const [name, keys] of touched.keys) reads.push(...mapReads(observed, name, keys, paths[name]));
  return {
    commands: reads.map(({ command }) => command),
    update(replies) {
      for (const [index, { update }] of reads.entries()) update(replies[index] ?? '');
      return observed;
    },
  };
}

function listRead({ backends }: Observed): Read {
  const known = backends as Set<string>;
  return {
    command: showBackendsCommand,
    update(reply) {
      known.clear();
      for (const name of parseBackends(reply)) known.add(name);
    },
  };
}

function serverReads(observed: Observed, backends: ReadonlySet<string>): readonly Read[] {
  if (backends.size === 0) return [];
  const servers = observed.servers as Map<string, ReadonlyMap<string, ObservedServer>>;
  const set = (backend: string, found: ReadonlyMap<string, ObservedServer> = new Map()): void => {
    servers.set(backend, found);
  };
  if (hasFewerOthers(servers, backends, backends.size * rowsPerBackend)) {
    const reader = createServersReader(servers);
    const update = (): void => {
      const found = reader.end();
      for (const backend of backends) set(backend, found.get(backend));
    };
    return [{ command: { command: showServerStatesCommand(), onPiece: reader.push }, update }];
  }
  return [...backends].map((backend) => ({
    command: showServerStatesCommand(backend),
    // One that was deleted, or that HAProxy did not take, has none.
    update: (reply) =>
      set(backend, observed.backends.has(backend) ? parseServersByBackend(reply, servers).get(backend) : undefined),
  }));
}

function mapReads(observed: Observed, name: ObservedMapName, keys: ReadonlySet<string>, path: string): readonly Read[] {
  const maps = observed.maps as Map<ObservedMapName, ObservedMap>;
  const entries = maps.get(name) ?? new Map<string, string>();
  if (entries.size < keys.size * rowsPerKey) {
    const update = (reply: string): void => {
      const found = toMap(reply, entries);
      if (found === undefined) maps.delete(name);
      else maps.set(name, found);
    };
    return [{ command: showMapCommand(path), update }];
  }
  return [...keys].map((key) => ({
    command: getMapCommand(path, key),
    update: (reply) => {
      const value = optional(() => parseMapValue(reply, key));
      updateMap(entries, key, value);
    },
  }));
}

/** Whether the other backends have fewer servers than this. Stops counting as soon as it knows. */
function hasFewerOthers(
  servers: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  backends: ReadonlySet<string>,
  limit: number,
): boolean {
  let rows = 0;
  for (const [backend, { size }] of servers) {
    if (backends.has(backend)) continue;
    rows += size;
    if (rows >= limit) return false;
  }
  return true;
}
