import type { Catalog, Service, SinkError } from '@signalbox/core';
import { findOccupiedPorts } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import type { Observed } from '../observed/model.ts';
import { structureHash } from '../render/config.ts';
import type { SinkState } from '../sink-state.ts';

export interface SettledDesired {
  readonly desired: Desired;
  readonly hash: string;
  /** HAProxy refuses the candidate, and no service is to blame. */
  readonly refusal: SinkError | undefined;
}

const noCertificates: ReadonlySet<string> = new Set();

export interface SettleOptions {
  readonly full: boolean;
  /** The same catalog was planned before. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

/** The desired state after everything that only reality knows: addresses of host names, ports of others, HAProxy's own check. */
export async function settleDesired(
  state: SinkState,
  catalog: Catalog,
  target: Target,
  { full, again, signal }: SettleOptions,
): Promise<SettledDesired> {
  const refresh = (): Desired => {
    const { desired, touched } = state.desiredState.update(catalog, {
      lookUp: state.hosts.lookUp,
      occupiedPorts: state.occupiedPorts,
      refused: state.refused,
      certificates: state.certificates?.store.names ?? noCertificates,
    });
    for (const name of touched) state.touched.add(name);
    return desired;
  };
  if (full) await state.hosts.resolve({ all: true, signal });
  let desired = refresh();
  if (await state.hosts.resolve({ all: false, signal })) desired = refresh();
  if (target.kind !== 'foreign' && (full || state.portsVersion !== desired.structureVersion)) {
    if (await lookAtPorts(state, desired, target)) desired = refresh();
    state.portsVersion = desired.structureVersion;
  }
  const running = target.kind === 'running' ? target.observed.mark.description : undefined;
  for (;;) {
    const hash = structureHash(desired, state.settings);
    if (hash === running) return { desired, hash, refusal: undefined };
    const verdict = await state.judge.judge({ desired, hash, again }, signal);
    if (verdict.kind === 'good') return { desired, hash, refusal: undefined };
    if (verdict.kind === 'refused') return { desired, hash, refusal: verdict.error };
    const refused = new Map<Service, string>();
    for (const [service, words] of state.refused) {
      if (catalog.services.get(service.id) === service) refused.set(service, words);
    }
    const before = refused.size;
    for (const [backend, words] of verdict.backends) {
      const service = catalog.services.get(backend.serviceId);
      if (service !== undefined) refused.set(service, words);
    }
    // Every round leaves at least one more service out, so this ends.
    if (refused.size === before) return { desired, hash, refusal: undefined };
    state.refused = refused;
    desired = refresh();
  }
}

/** Looks only at ports that the process does not have yet. True when the set of foreign ones changed. */
async function lookAtPorts(state: SinkState, desired: Desired, target: Target): Promise<boolean> {
  const ours = target.kind === 'running' ? portsOf(state, desired, target.observed) : new Set<number>();
  const asked = [...desired.ports.http, ...desired.ports.tcp, ...state.occupiedPorts].filter((port) => !ours.has(port));
  const occupied = await findOccupiedPorts(state.settings.bindAddress, asked);
  const { occupiedPorts: before } = state;
  if (occupied.size === before.size && [...occupied].every((port) => before.has(port))) return false;
  state.occupiedPorts = occupied;
  return true;
}

/** What our own process listens on: by its map, and by the structure that it says it runs, since others may have changed the map. */
function portsOf(state: SinkState, desired: Desired, { mark, maps }: Observed): ReadonlySet<number> {
  const ours = new Set([...(maps.get('port')?.keys() ?? [])].map(Number));
  const known =
    structureHash(desired, state.settings) === mark.description
      ? desired
      : state.running?.hash === mark.description
        ? state.running?.desired
        : undefined;
  for (const port of [...(known?.ports.http ?? []), ...(known?.ports.tcp ?? [])]) ours.add(port);
  return ours;
}
