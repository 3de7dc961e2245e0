import { isPipelineError, SinkError } from '@signalbox/core';
import { readMap, readMapValue } from '../control/maps.ts';
import { readProcessInfo } from '../control/process-info.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import { adminStateBits, readServerStates, type ServerState } from '../control/server-state.ts';
import { type MapName, mapNames } from '../desired/model.ts';
import type { MapPaths } from '../render/files.ts';
import type { Observed, ObservedServer, ProcessMark } from './model.ts';

export interface MarkedProcess {
  readonly mark: ProcessMark;
  readonly version: string;
}

/** The cheap question, 0.2 ms: is the process still as it was left? */
export async function readMark(connection: RuntimeConnection, paths: MapPaths): Promise<MarkedProcess> {
  const info = await readProcessInfo(connection);
  if (info.stopping) {
    throw new SinkError('the runtime socket is answered by an old worker that is stopping', {
      code: 'SINK_TARGET_CHANGED',
    });
  }
  const revision = await optional(readMapValue(connection, paths.meta, 'rev'));
  return { mark: { pid: info.pid, description: info.description, revision }, version: info.version };
}

/** Reads everything: 0.2 s at 40,000 servers. */
export async function observe(connection: RuntimeConnection, paths: MapPaths): Promise<Observed> {
  const { mark, version } = await readMark(connection, paths);
  const [backendList = ''] = await connection.send(['show backend']);
  const backends = new Set(backendList.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  const servers = new Map<string, Map<string, ObservedServer>>();
  for (const state of (await readServerStates(connection)).servers) {
    const ofBackend = servers.get(state.backend) ?? new Map<string, ObservedServer>();
    servers.set(state.backend, ofBackend.set(state.server, toObservedServer(state)));
  }
  return { mark, version, backends, servers, maps: await readMaps(connection, paths, mapNames) };
}

export async function readMaps(
  connection: RuntimeConnection,
  paths: MapPaths,
  names: Iterable<MapName>,
): Promise<Map<MapName, ReadonlyMap<string, string>>> {
  const maps = new Map<MapName, ReadonlyMap<string, string>>();
  for (const name of names) {
    const entries = await optional(readMap(connection, paths[name]));
    if (entries === undefined) continue;
    const map = new Map<string, string>();
    // The first entry of a key is the one that counts.
    for (const { key, value } of entries) if (!map.has(key)) map.set(key, value);
    maps.set(name, map);
  }
  return maps;
}

export async function readBackend(
  connection: RuntimeConnection,
  backend: string,
): Promise<ReadonlyMap<string, ObservedServer>> {
  const { servers } = await readServerStates(connection, backend);
  return new Map(servers.map((state) => [state.server, toObservedServer(state)]));
}

function toObservedServer(state: ServerState): ObservedServer {
  const { forcedMaintenance, forcedDrain } = adminStateBits;
  return {
    address: state.address,
    port: state.port,
    weight: state.weight,
    state:
      (state.adminState & forcedMaintenance) !== 0
        ? 'maintenance'
        : (state.adminState & forcedDrain) !== 0
          ? 'drain'
          : 'ready',
    checking: (state.checkState & 0x04) !== 0,
  };
}

/** A map that the running configuration does not reference does not exist; that is an answer. */
async function optional<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_APPLY_FAILED') return undefined;
    throw error;
  }
}
