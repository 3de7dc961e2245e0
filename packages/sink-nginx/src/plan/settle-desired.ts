import type { Catalog, SinkError } from '@signalbox/core';
import { addRefused, type Certificate, findOccupiedPorts } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import { readRunningPorts } from '../observed/running-ports.ts';
import { hashCandidate, renderStructure, type Structure } from '../render/config.ts';
import type { Equipment, SinkState } from '../sink-state.ts';

export interface SettledDesired {
  readonly desired: Desired;
  readonly structure: Structure;
  /** nginx refuses the candidate, and no service is to blame. */
  readonly refusal: SinkError | undefined;
}

export interface SettleOptions {
  readonly equipment: Equipment;
  readonly full: boolean;
  /** The same catalog was planned before. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

const noCertificates: ReadonlyMap<string, Certificate> = new Map();

/** The desired state after everything that only reality knows: addresses of host names, ports of others, nginx's own check. */
export async function settleDesired(
  state: SinkState,
  catalog: Catalog,
  target: Target,
  { equipment, full, again, signal }: SettleOptions,
): Promise<SettledDesired> {
  const refresh = (): Desired => {
    const { desired, touched } = state.desiredState.update(catalog, {
      abilities: equipment.abilities,
      lookUp: state.hosts.lookUp,
      occupiedPorts: state.occupiedPorts,
      refused: state.refused,
      certificates: state.certificates?.certificates ?? noCertificates,
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
  for (;;) {
    const structure = renderOnce(state, desired, equipment);
    const judged = state.routesVersion === desired.structureVersion || equipment.render.mode === 'reload';
    if (judged && target.kind === 'running' && structure.hash === target.observed.mark.hash) {
      return { desired, structure, refusal: undefined };
    }
    const { render } = equipment;
    const candidate = { desired, render };
    const verdict = await state.judge.judge({ candidate, hash: hashCandidate(desired, render), again }, signal);
    if (verdict.kind === 'good') return { desired, structure, refusal: undefined };
    if (verdict.kind === 'refused') return { desired, structure, refusal: verdict.error };
    const refused = addRefused(state.refused, verdict.items, catalog);
    if (refused === undefined) return { desired, structure, refusal: undefined };
    state.refused = refused;
    desired = refresh();
  }
}

/** In Lua mode, endpoints of HTTP services are no part of the structure, which is then the same until something else changes. */
function renderOnce(state: SinkState, desired: Desired, { render }: Equipment): Structure {
  const { structureVersion, ports } = desired;
  const isStable =
    render.mode === 'lua' && ports.tcp.size === 0 && ports.udp.size === 0 && desired.passthrough.size === 0;
  if (isStable && state.rendered?.version === structureVersion) return state.rendered.structure;
  const structure = renderStructure(desired, render);
  state.rendered = { version: structureVersion, structure };
  return structure;
}

/** Looks only at ports that nginx does not have yet. True when the set of foreign ones changed. */
async function lookAtPorts(state: SinkState, desired: Desired, target: Target): Promise<boolean> {
  const ours = target.kind === 'running' ? await readRunningPorts(state, target.observed.mark.hash) : new Set<number>();
  const wanted = [...desired.ports.http.keys(), ...desired.ports.tcp.keys()];
  const asked = [...wanted, ...state.occupiedPorts].filter((port) => !ours.has(port));
  const occupied = await findOccupiedPorts(state.settings.bindAddress, asked);
  const { occupiedPorts: before } = state;
  if (occupied.size === before.size && [...occupied].every((port) => before.has(port))) return false;
  state.occupiedPorts = occupied;
  return true;
}
