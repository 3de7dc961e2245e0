import { capabilitiesOf } from '../control/version.ts';
import type { Observed, ObservedServer } from '../observed/model.ts';
import type { SinkState } from '../sink-state.ts';
import type { Placed } from '../structure/placed-desired.ts';
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
  const { deleteServer: deletes } = capabilitiesOf(observed.version);
  const changes: RuntimeChange[] = [];
  for (const name of options.backends) {
    const backend = placed.desired.backends.get(name);
    if (backend === undefined || !observed.backends.has(name)) continue;
    const servers = observed.servers.get(name) ?? noServers;
    for (const change of diffServers(backend, servers, { retirement: state.retirement, deletes })) changes.push(change);
  }
  if (options.maps) {
    changes.push(...diffMaps(observed, { paths: state.paths, placed }));
  }
  return changes;
}
