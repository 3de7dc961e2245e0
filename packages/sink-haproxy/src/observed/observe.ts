import { addsBackends, helpCommand, parseBackends, showBackendsCommand } from '../control/backends.ts';
import { showMapCommand } from '../control/maps.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import { showServerStatesCommand } from '../control/server-state.ts';
import { type ObservedMapName, observedMapNames } from '../desired/model.ts';
import type { MapPaths } from '../render/files.ts';
import type { MarkedProcess } from './mark.ts';
import type { Observed } from './model.ts';
import { type ObservedMap, toMap } from './observed-map.ts';
import { createServersReader } from './servers.ts';

/** Reads everything in one exchange: 0.2 s at 40,000 servers. What is as it was `before` keeps its objects. */
export async function observe(
  connection: RuntimeConnection,
  paths: MapPaths,
  { mark, version }: MarkedProcess,
  before?: Observed,
): Promise<Observed> {
  const servers = createServersReader(before?.servers);
  const [help = '', backendList = '', , ...mapTexts] = await connection.send([
    helpCommand,
    showBackendsCommand,
    { command: showServerStatesCommand(), onPiece: servers.push },
    ...observedMapNames.map((name) => showMapCommand(paths[name])),
  ]);
  const maps = new Map<ObservedMapName, ObservedMap>();
  for (const [index, name] of observedMapNames.entries()) {
    const entries = toMap(mapTexts[index], before?.maps.get(name));
    if (entries !== undefined) maps.set(name, entries);
  }
  return {
    mark,
    readAtMs: performance.now(),
    version,
    backends: parseBackends(backendList),
    addsBackends: addsBackends(help),
    servers: servers.end(),
    maps,
  };
}
