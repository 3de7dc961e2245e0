import { capabilitiesOf } from '../control/version.ts';
import type { Observed, ObservedServer } from '../observed/model.ts';
import type { SinkState } from '../sink-state.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { diffBackend } from './backend-diff.ts';
import { diffMaps } from './map-diff.ts';
import type { RuntimeChange } from './runtime-change.ts';
import { diffServers } from './server-diff.ts';

const noServers: ReadonlyMap<string, ObservedServer> = new Map();

/** What the running process can be told without a reload. `backends` limits the look to those, by their names in the process. */
export function diffRuntime(
  state: SinkState,
  placed: Placed,
  observed: Observed,
  options: { readonly backends: Iterable<string>; readonly maps: boolean },
): readonly RuntimeChange[] {
  const { retirement } = state;
  const { deleteServer: deletes } = capabilitiesOf(observed.version);
  const changes: RuntimeChange[] = [];
  for (const name of options.backends) {
    const servers = observed.servers.get(name) ?? noServers;
    retirement.keep(name, servers);
    const ofBackend = diffBackend(name, observed, { placed, paths: state.paths, retirement });
    if (ofBackend !== undefined) changes.push(ofBackend);
    const backend = placed.desired.backends.get(name);
    const isThere = observed.backends.has(name) || placed.additions.has(name);
    if (backend === undefined || !isThere) continue;
    for (const change of diffServers(backend, servers, { retirement, deletes })) changes.push(change);
  }
  if (options.maps) {
    changes.push(...diffMaps(observed, { paths: state.paths, placed }));
  }
  return changes;
}
