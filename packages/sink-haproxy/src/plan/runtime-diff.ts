import { capabilitiesOf } from '../control/version.ts';
import type { Backend } from '../desired/model.ts';
import type { Observed, ObservedServer } from '../observed/model.ts';
import type { SinkState } from '../sink-state.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { diffBackend } from './backend-diff.ts';
import { holdLeaving } from './leaving-servers.ts';
import { diffMaps } from './map-diff.ts';
import type { RuntimeChange } from './runtime-change.ts';
import { diffServers, hasReadyServer } from './server-diff.ts';

const noServers: ReadonlyMap<string, ObservedServer> = new Map();

/**
 * What the running process can be told without a reload, and did not refuse before. `backends` limits the look to those, by their names in the
 * process.
 */
export function diffRuntime(
  state: SinkState,
  placed: Placed,
  observed: Observed,
  options: { readonly backends: Iterable<string>; readonly maps: boolean },
): readonly RuntimeChange[] {
  const { retirement, refusals } = state;
  const { deleteServer: deletes } = capabilitiesOf(observed.version);
  const found: RuntimeChange[] = [];
  const backends = new Set(options.backends);
  const ofBackends = { placed, paths: state.paths, retirement };
  const ofServers = { retirement, deletes };
  for (const name of backends) {
    const servers = observed.servers.get(name) ?? noServers;
    retirement.keep(name, servers);
    const ofBackend = diffBackend(name, observed, ofBackends);
    if (ofBackend !== undefined) found.push(ofBackend);
    const backend = placed.desired.backends.get(name);
    const isThere = observed.backends.has(name) || placed.additions.has(name);
    if (backend === undefined || !isThere) continue;
    for (const change of diffServers(backend, servers, ofServers)) found.push(change);
  }
  const changes = found.filter((change) => !refusals.has(change));
  if (options.maps) {
    const ofMaps = diffMaps(observed, { paths: state.paths, placed, answers: answersAfter(changes, placed, observed) });
    found.push(...ofMaps);
    changes.push(...ofMaps.filter((change) => !refusals.has(change)));
  }
  refusals.keepWanted(found, { backends, maps: options.maps });
  return holdLeaving(changes, placed, observed);
}

/** A backend that is wanted without servers answers as well as it ever will. */
function answersAfter(
  changes: readonly RuntimeChange[],
  { desired }: Placed,
  observed: Observed,
): (backend: string) => 'now' | 'then' | 'never' {
  const filled = new Set<string>();
  for (const { server, steps } of changes) {
    if (server !== undefined && steps[0]?.phase === 'add') filled.add(server.backend);
  }
  return (name) => {
    const backend = desired.backends.get(name);
    // Without a service it needs no server.
    if (backend === undefined || canAnswer(backend, observed)) return 'now';
    return backend.servers.size === 0 || filled.has(name) ? 'then' : 'never';
  };
}

/** Whether the process could answer there now, as far as it is wanted to. */
export function canAnswer(backend: Backend | undefined, { backends, servers }: Observed): boolean {
  if (backend === undefined || !backends.has(backend.name)) return false;
  return backend.servers.size === 0 || hasReadyServer(backend, servers.get(backend.name) ?? noServers);
}
