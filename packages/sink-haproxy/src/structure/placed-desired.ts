import type { Backend, Desired, Maps, PortProtocol } from '../desired/model.ts';
import { backendOfTarget, moveTarget } from '../desired/routes/target.ts';
import type { Observed } from '../observed/model.ts';
import type { Settings } from '../settings.ts';
import { compareStructure, protocolOfRunningPort } from './compare-structure.ts';
import { type Addition, heldSpares, type Placement, placeBackends } from './place-backends.ts';
import { describeScarceSpares } from './scarce-spares.ts';
import { serverShapeOf } from './shape.ts';
import { isServiceBackend } from './spares.ts';
import { parseStructure } from './structure-map.ts';

/** The desired state as this process is to carry it until the next reload: some backends in spares, and those that went still retiring. */
export interface Placed {
  readonly desired: Desired;
  /** The spare of each backend that is not under its own name. */
  readonly spares: ReadonlyMap<string, string>;
  /** Backends that the process lacks and is to be told of, by the names they get there. */
  readonly additions: ReadonlyMap<string, Addition>;
  /** The other way round: by spare, the backend in it. */
  readonly owners: ReadonlyMap<string, string>;
  /** Why only a reload makes the process as it is wanted; empty when it need not. */
  readonly reasons: readonly string[];
  /** Backends that are wanted otherwise than the process carries them, or that it cannot carry. */
  readonly lacking: ReadonlySet<string>;
  /** Which spares are scarce, in words, so that a reload should bring new ones before it has to. */
  readonly scarce: string | undefined;
  /** False while routes with rules or filters wait for a reload. */
  readonly routesMatch: boolean;
  /** What is spoken on a port of the process; undefined when it does not listen there. */
  protocolOfPort(port: number): PortProtocol | 'any' | undefined;
}

export interface PlaceDesiredOptions {
  readonly settings: Settings;
  /** Shapes by the places that did not take a backend of theirs. */
  readonly refused: ReadonlyMap<string, string>;
}

export function placeDesired(desired: Desired, observed: Observed, { settings, refused }: PlaceDesiredOptions): Placed {
  const running = parseStructure(observed.maps.get('structure'), observed.mark.description);
  if (running === undefined) return placeNowhere(desired);
  const { reasons, routesMatch } = compareStructure(desired, settings, running);
  const placement = placeBackends(desired, observed, { running, routesMatch, refused });
  return {
    desired: {
      ...desired,
      backends: moveBackends(desired, observed, placement),
      maps: moveMaps(desired, observed, placement),
    },
    spares: placement.spares,
    additions: placement.additions,
    owners: new Map([...placement.spares].map(([name, spare]) => [spare, name])),
    reasons: [...reasons, ...placement.reasons.values()],
    lacking: placement.lacking,
    scarce: describeScarceSpares(running, observed, placement),
    routesMatch,
    protocolOfPort: (port) => protocolOfRunningPort(running, port),
  };
}

/** Nobody knows what the process consists of: what it has under the right name may be changed, and a reload brings the rest. */
function placeNowhere(desired: Desired): Placed {
  return {
    desired,
    spares: new Map(),
    additions: new Map(),
    owners: new Map(),
    reasons: ['it runs a configuration of another version of Signalbox'],
    lacking: new Set(desired.backends.keys()),
    scarce: undefined,
    routesMatch: false,
    protocolOfPort: () => undefined,
  };
}

/** The place of a backend that changed since, without looking for another one. */
export function refreshBackend({ desired, spares }: Placed, backend: Backend): void {
  const name = spares.get(backend.name) ?? backend.name;
  const backends = desired.backends as Map<string, Backend>;
  backends.set(name, name === backend.name ? backend : { ...backend, name });
}

/** Everywhere that these backends are, were or shall be. */
export function placesOf(names: Iterable<string>, { spares }: Placed, observed: Observed): ReadonlySet<string> {
  const places = new Set<string>();
  const held = heldSpares(observed.maps.get('spare'));
  for (const name of names) {
    places.add(name).add(spares.get(name) ?? name);
    for (const spare of held.get(name) ?? []) places.add(spare.name);
  }
  return places;
}

function moveBackends(desired: Desired, observed: Observed, { spares }: Placement): ReadonlyMap<string, Backend> {
  const moved = new Map<string, Backend>();
  for (const backend of desired.backends.values()) {
    const name = spares.get(backend.name) ?? backend.name;
    moved.set(name, name === backend.name ? backend : { ...backend, name });
  }
  for (const [name, servers] of observed.servers) {
    if (isServiceBackend(name) && servers.size > 0 && !moved.has(name)) moved.set(name, emptyBackend(name));
  }
  return moved;
}

/** Its service went, or moved: its servers finish their connections. */
function emptyBackend(name: string): Backend {
  return {
    name,
    serviceId: '',
    mode: 'http',
    lines: [],
    serverSettings: '',
    checked: false,
    checkRequest: undefined,
    servers: new Map(),
    draining: new Set(),
  };
}

function moveMaps({ maps, backends }: Desired, observed: Observed, { spares, lacking }: Placement): Maps {
  if (spares.size === 0) return maps;
  const move = (entries: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
    const moved = new Map<string, string>();
    for (const [key, target] of entries) {
      const spare = spares.get(backendOfTarget(target));
      moved.set(key, spare === undefined ? target : moveTarget(target, spare));
    }
    return moved;
  };
  const holders = new Map<string, string>();
  for (const [name, spare] of spares) {
    const backend = backends.get(name);
    const before = observed.maps.get('spare')?.get(spare);
    if (backend === undefined) continue;
    holders.set(spare, lacking.has(name) && before !== undefined ? before : `${name}:${serverShapeOf(backend)}`);
  }
  return {
    route: move(maps.route),
    port: move(maps.port),
    sni: move(maps.sni),
    spare: holders,
    check: new Map([...maps.check].map(([name, request]) => [spares.get(name) ?? name, request])),
  };
}
