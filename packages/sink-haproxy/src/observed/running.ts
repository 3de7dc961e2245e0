import type { Backend, Desired, Maps } from '../desired/model.ts';
import { terminated } from '../desired/routes/passthrough-names.ts';
import { backendOfTarget, moveTarget } from '../desired/routes/target.ts';
import { structureHash } from '../render/config.ts';
import type { Settings } from '../settings.ts';
import type { Placed } from '../structure/placed-desired.ts';
import type { Observed } from './model.ts';

/**
 * What the process serves, in the form of a desired state: the files follow this, not what is still wanted. Every backend is under its own
 * name, also while a spare carries it, so that whoever restarts HAProxy gets what the next reload would bring.
 */
export interface Running {
  readonly hash: string;
  readonly desired: Desired;
}

/** A copy, since the desired state goes on changing. */
export function toRunning(desired: Desired, hash: string): Running {
  return { hash, desired: { ...desired, backends: new Map(desired.backends) } };
}

export interface RunningChange {
  readonly desired: Desired;
  readonly hash: string;
  readonly placed: Placed;
  /** After the change. */
  readonly observed: Observed;
  /** Names in the process. */
  readonly backends: Iterable<string>;
}

/** The same after servers and map entries changed at runtime. Costs what changed, unless the structure did. Undefined when nobody knows what ran before. */
export function withRuntimeChanges(
  running: Running | undefined,
  change: RunningChange,
  settings: Settings,
): Running | undefined {
  const { desired, hash, placed } = change;
  if (placed.reasons.length > 0) return running === undefined ? undefined : mix(running, change, settings);
  if (running?.hash !== hash) return toRunning(desired, hash);
  const backends = running.desired.backends as Map<string, Backend>;
  for (const place of change.backends) {
    const wanted = desired.backends.get(placed.owners.get(place) ?? place);
    if (wanted !== undefined) backends.set(wanted.name, wanted);
  }
  return { hash, desired: { ...desired, backends } };
}

/** While a reload is due: what the process carries as it is wanted is new, the rest as it was. */
function mix(before: Running, { desired, placed, observed }: RunningChange, settings: Settings): Running {
  const backends = new Map<string, Backend>();
  for (const [name, backend] of desired.backends) {
    const old = before.desired.backends.get(name);
    if (!placed.lacking.has(name)) backends.set(name, backend);
    else if (old !== undefined) backends.set(name, { ...old, servers: backend.servers, draining: backend.draining });
  }
  const entriesOf = (name: keyof Maps): ReadonlyMap<string, string> => {
    const entries: [string, string][] = [];
    for (const [key, target] of observed.maps.get(name) ?? []) {
      const place = backendOfTarget(target);
      const owner = placed.owners.get(place) ?? place;
      if (backends.has(owner) || owner === terminated) entries.push([key, moveTarget(target, owner)]);
    }
    const compare = name === 'port' ? byNumber : byText;
    return new Map(entries.sort(([left], [right]) => compare(left, right)));
  };
  const mixed: Desired = {
    ...before.desired,
    backends,
    maps: {
      route: entriesOf('route'),
      port: entriesOf('port'),
      sni: entriesOf('sni'),
      spare: new Map(),
      check: checkRequests(observed, placed, backends),
    },
  };
  return { hash: structureHash(mixed, settings), desired: mixed };
}

function checkRequests(
  { maps }: Observed,
  { owners }: Placed,
  backends: ReadonlyMap<string, Backend>,
): ReadonlyMap<string, string> {
  const entries: [string, string][] = [];
  for (const [place, request] of maps.get('check') ?? []) {
    const owner = owners.get(place) ?? place;
    if (backends.has(owner)) entries.push([owner, request]);
  }
  return new Map(entries.sort(([left], [right]) => byText(left, right)));
}

function byNumber(left: string, right: string): number {
  return Number(left) - Number(right);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
