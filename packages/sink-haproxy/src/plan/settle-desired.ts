import type { Catalog, SinkError } from '@signalbox/core';
import type { Circumstances, ClientAuthorities } from '@signalbox/sink-kit';
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
const noAuthorities: ReadonlyMap<string, ClientAuthorities> = new Map();

export interface SettleOptions {
  /** As {@link describeDesired} has just found it. */
  readonly described: Desired;
  readonly full: boolean;
  /** The same catalog was planned before. */
  readonly again: boolean;
  /** Whether HAProxy is to read the configuration anew, also when the process can carry all of it. */
  readonly needsReload: (placed: Placed | undefined) => boolean;
  readonly signal: AbortSignal;
}

/** What the catalog asks for, by what is known so far. At once, so that it is done while HAProxy answers. */
export async function describeDesired(state: SinkState, catalog: Catalog): Promise<Desired> {
  return state.fit.describe((circumstances) => describe(state, catalog, circumstances));
}

function describe(state: SinkState, catalog: Catalog, circumstances: Circumstances): Desired {
  const { desired, touched } = state.desiredState.update(catalog, {
    ...circumstances,
    certificates: state.certificates?.store.names ?? noCertificates,
    clientAuthorities: state.clientAuthorities?.authorities ?? noAuthorities,
  });
  for (const name of touched) state.touched.add(name);
  return desired;
}

/** The desired state after everything that only reality knows: addresses of host names, ports of others, HAProxy's own check. */
export async function settleDesired(
  state: SinkState,
  catalog: Catalog,
  target: Target,
  { described, full, again, needsReload, signal }: SettleOptions,
): Promise<SettledDesired> {
  const { desired, outcome, refusal } = await state.fit.fit(
    {
      catalog,
      full,
      again,
      described,
      describe: (circumstances) => describe(state, catalog, circumstances),
      ports:
        target.kind === 'foreign'
          ? undefined
          : {
              wanted: ({ ports }) => [
                ...portProtocols.flatMap((protocol) => ports[protocol]),
                ...portsIn(ports.ranges),
              ],
              findOwn: async () => (target.kind === 'running' ? ourPorts(target.observed) : () => false),
            },
      conclude(desired) {
        const hash = structureHash(desired, state.settings);
        if (target.kind !== 'running') return { hash, placed: undefined };
        return {
          hash,
          placed: state.placer.place(desired, target.observed, {
            full,
            touched: state.touched,
            refused: state.refusals.places,
          }),
        };
      },
      // Every section of it may be one that the process has read already, if under another name.
      question: (desired, { hash, placed }) => (needsReload(placed) ? { candidate: desired, hash } : undefined),
    },
    signal,
  );
  return { desired, ...outcome, refusal };
}

/** What our own process listens on. One of an older version does not say it: it has a port in its map for as long as it listens there. */
function ourPorts({ mark, maps }: Observed): (port: number) => boolean {
  const running = parseStructure(maps.get('structure'), mark.description);
  if (running !== undefined) return (port) => protocolOfRunningPort(running, port) !== undefined;
  const ports = new Set([...(maps.get('port')?.keys() ?? [])].map(Number));
  return (port) => ports.has(port);
}
