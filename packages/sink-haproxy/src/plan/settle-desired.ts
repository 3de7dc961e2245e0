import type { Catalog, SinkError } from '@signalbox/core';
import { addRefused, findOccupiedPorts } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { portProtocols } from '../desired/port-protocols.ts';
import { portsIn } from '../desired/port-ranges.ts';
import type { Target } from '../observed/look-at-target.ts';
import type { Observed } from '../observed/model.ts';
import { structureHash } from '../render/config.ts';
import type { SinkState } from '../sink-state.ts';
import { protocolOfRunningPort } from '../structure/compare-structure.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { parseStructure } from '../structure/structure-map.ts';

export interface SettledDesired {
  readonly desired: Desired;
  readonly hash: string;
  /** How the process carries it; undefined when there is none of ours. */
  readonly placed: Placed | undefined;
  /** HAProxy refuses the candidate, and no service is to blame. */
  readonly refusal: SinkError | undefined;
}

const noCertificates: ReadonlySet<string> = new Set();

export interface SettleOptions {
  readonly full: boolean;
  /** The same catalog was planned before. */
  readonly again: boolean;
  /** Whether HAProxy is to read the configuration anew, also when the process can carry all of it. */
  readonly needsReload: (placed: Placed | undefined) => boolean;
  readonly signal: AbortSignal;
}

/** The desired state after everything that only reality knows: addresses of host names, ports of others, HAProxy's own check. */
export async function settleDesired(
  state: SinkState,
  catalog: Catalog,
  target: Target,
  { full, again, needsReload, signal }: SettleOptions,
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
  for (;;) {
    const hash = structureHash(desired, state.settings);
    const placed =
      target.kind === 'running'
        ? state.placer.place(desired, target.observed, { full, touched: state.touched })
        : undefined;
    const settled = { desired, hash, placed, refusal: undefined };
    // Every section of it is one that the process has read already, if under another name.
    if (!needsReload(placed)) return settled;
    const verdict = await state.judge.judge({ candidate: desired, hash, again }, signal);
    if (verdict.kind === 'good') return settled;
    if (verdict.kind === 'refused') return { ...settled, refusal: verdict.error };
    const refused = addRefused(state.refused, verdict.items, catalog);
    if (refused === undefined) return settled;
    state.refused = refused;
    desired = refresh();
  }
}

/** Looks only at ports that the process does not have yet. True when the set of foreign ones changed. */
async function lookAtPorts(state: SinkState, desired: Desired, target: Target): Promise<boolean> {
  const { ports } = desired;
  const single = portProtocols.flatMap((protocol) => ports[protocol]);
  const wanted = [...single, ...portsIn(ports.ranges), ...state.occupiedPorts];
  const isOurs = target.kind === 'running' ? ourPorts(target.observed) : () => false;
  const occupied = await findOccupiedPorts(
    state.settings.bindAddress,
    wanted.filter((port) => !isOurs(port)),
  );
  const { occupiedPorts: before } = state;
  if (occupied.size === before.size && [...occupied].every((port) => before.has(port))) return false;
  state.occupiedPorts = occupied;
  return true;
}

/** What our own process listens on. One of an older version does not say it: it has a port in its map for as long as it listens there. */
function ourPorts({ mark, maps }: Observed): (port: number) => boolean {
  const running = parseStructure(maps.get('structure'), mark.description);
  if (running !== undefined) return (port) => protocolOfRunningPort(running, port) !== undefined;
  const ports = new Set([...(maps.get('port')?.keys() ?? [])].map(Number));
  return (port) => ports.has(port);
}
