import type { Backend, Desired, Mode } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';
import type { Observed } from '../observed/model.ts';
import { protocolOfRunningPort } from './compare-structure.ts';
import { profileOf } from './profiles.ts';
import { serverShapeOf, shapeOf } from './shape.ts';
import { spareName } from './spares.ts';
import { backendEntry, type RunningStructure } from './structure-map.ts';

/** Where the process carries the backends. */
export interface Placement {
  /** The spare of each backend that is not under its own name. */
  readonly spares: ReadonlyMap<string, string>;
  /** Backends that the process lacks and is to be told of, by the names they get there. */
  readonly additions: ReadonlyMap<string, Addition>;
  /** Those that are not carried as they are wanted. */
  readonly lacking: ReadonlySet<string>;
  /** Why a reload is needed, by backend. One that nobody can reach is no reason. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** A backend that a running process is told of. */
export interface Addition {
  /** The section that it takes its settings from. */
  readonly defaults: string;
  readonly mode: Mode;
  /** What the structure map says of it. */
  readonly entry: string;
}

export interface PlaceOptions {
  readonly running: RunningStructure;
  /** False while routes with rules or filters wait for a reload. */
  readonly routesMatch: boolean;
  /** Shapes by the places that did not take a backend of theirs: nothing of that shape is put there. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * A backend stays where it is as long as that is as it is wanted. Else it is added under its own name where the process can do that, or takes a
 * free spare of its shape, or one that is added; provided that something can lead to it there: a route, or a port that the process listens on. One
 * that nobody can reach waits for the next reload, and asks for none.
 */
export function placeBackends(
  desired: Desired,
  { backends, servers, maps, addsBackends }: Observed,
  { running, routesMatch, refused }: PlaceOptions,
): Placement {
  const held = heldSpares(maps.get('spare'));
  const spares = new Map<string, string>();
  const taken = new Set<string>();
  const homeless: Backend[] = [];
  const takes = (place: string, shape: string): boolean => refused.get(place) !== shape;
  for (const backend of desired.backends.values()) {
    const shape = shapeOf(backend);
    const serverShape = serverShapeOf(backend);
    const own = backends.has(backend.name) ? running.backends.get(backend.name) : undefined;
    if (own?.shape === shape && own.serverShape === serverShape) continue;
    const spare = held
      .get(backend.name)
      ?.find(
        (one) => one.serverShape === serverShape && running.spares.get(one.name) === shape && takes(one.name, shape),
      );
    if (spare === undefined) homeless.push(backend);
    else {
      spares.set(backend.name, spare.name);
      taken.add(spare.name);
    }
  }
  const reasons = new Map<string, string>();
  const lacking = new Set<string>();
  const additions = new Map<string, Addition>();
  const placement = { spares, additions, lacking, reasons };
  if (homeless.length === 0) return placement;

  // Where those are now that are wanted in another shape: they stay there when there is no better place.
  const before = new Map<string, string>();
  for (const { name } of homeless) {
    const spare = backends.has(name)
      ? undefined
      : held.get(name)?.find((one) => !taken.has(one.name) && !refused.has(one.name));
    if (spare === undefined) continue;
    before.set(name, spare.name);
    taken.add(spare.name);
  }
  const free = new Map<string, string[]>();
  for (const [name, shape] of running.spares) {
    // Whatever is in it belongs to somebody, even if it only finishes its connections.
    if (taken.has(name) || !backends.has(name) || !takes(name, shape) || (servers.get(name)?.size ?? 0) > 0) continue;
    free.set(shape, [...(free.get(shape) ?? []), name]);
  }
  const refusedShapes = new Set(refused.values());
  const leads = leadsOf(desired, { running, routesMatch, passesThrough: maps.has('sni') });
  for (const backend of homeless) {
    const lead = leads.get(backend.name);
    const shape = shapeOf(backend);
    const defaults = addsBackends ? running.profiles.get(shape) : undefined;
    if (lead === 'now' && defaults !== undefined && !backends.has(backend.name) && takes(backend.name, shape)) {
      additions.set(backend.name, { defaults, mode: backend.mode, entry: backendEntry(backend) });
      continue;
    }
    let spare = lead === 'now' ? free.get(shape)?.shift() : undefined;
    if (lead === 'now' && spare === undefined && defaults !== undefined && !refusedShapes.has(shape)) {
      spare = findFreeName(profileOf(backend), (name) => backends.has(name) || additions.has(name));
      additions.set(spare, { defaults, mode: backend.mode, entry: shape });
    }
    if (spare !== undefined) {
      spares.set(backend.name, spare);
      continue;
    }
    lacking.add(backend.name);
    const stale = before.get(backend.name);
    if (stale !== undefined) spares.set(backend.name, stale);
    if (lead === undefined) continue;
    if (lead === 'now' && refusedShapes.has(shape))
      reasons.set(backend.name, `the Runtime API did not take ${backend.name}`);
    else if (stale !== undefined || backends.has(backend.name))
      reasons.set(backend.name, `the settings of ${backend.name} changed`);
    else
      reasons.set(
        backend.name,
        lead === 'later' ? `${backend.name} is new` : describeLack(backend, running, addsBackends),
      );
  }
  return placement;
}

function findFreeName(profile: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = spareName(profile, number);
    if (!isTaken(name)) return name;
  }
}

export interface HeldSpare {
  readonly name: string;
  readonly serverShape: string;
}

/** By the backend that holds them, or held them last. */
export function heldSpares(
  entries: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, readonly HeldSpare[]> {
  const held = new Map<string, HeldSpare[]>();
  for (const [name, value] of entries ?? []) {
    const [backend = '', serverShape = ''] = value.split(':');
    held.set(backend, [...(held.get(backend) ?? []), { name, serverShape }]);
  }
  return held;
}

/** Whether something leads to a backend, and whether it can do so in this process. */
function leadsOf(
  desired: Desired,
  { running, routesMatch, passesThrough }: Omit<PlaceOptions, 'refused'> & { readonly passesThrough: boolean },
): ReadonlyMap<string, 'now' | 'later'> {
  const leads = new Map<string, 'now' | 'later'>();
  const ruled = new Set(desired.rules.map(({ backend }) => backend));
  const waiting = routesMatch ? new Set<string>() : new Set(desired.filters.map(({ backend }) => backend));
  for (const name of ruled) leads.set(name, 'later');
  for (const target of desired.maps.route.values()) {
    const name = backendOfTarget(target);
    leads.set(name, ruled.has(name) || waiting.has(name) ? 'later' : 'now');
  }
  for (const name of desired.maps.sni.values()) {
    // Without passthrough the process has no such map.
    if (!ruled.has(name)) leads.set(name, passesThrough ? 'now' : (leads.get(name) ?? 'later'));
  }
  for (const [key, target] of desired.maps.port) {
    const [name = '', wanted] = target.split(':');
    const protocol = protocolOfRunningPort(running, Number(key));
    const isBound = protocol === 'any' || protocol === wanted;
    // Rules name their backend, so it cannot be elsewhere.
    if (isBound && !ruled.has(name)) leads.set(name, 'now');
    else if (!leads.has(name)) leads.set(name, 'later');
  }
  return leads;
}

function describeLack(backend: Backend, running: RunningStructure, addsBackends: boolean): string {
  if (addsBackends) return `the profile ${profileOf(backend)} of ${backend.name} is new`;
  const exists = [...running.spares.values()].includes(shapeOf(backend));
  return `${exists ? 'no spare is left of' : 'there is no spare of'} profile ${profileOf(backend)} for ${backend.name}`;
}
