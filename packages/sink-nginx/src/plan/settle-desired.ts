import type { Catalog, SinkError } from '@signalbox/core';
import type { Certificate } from '@signalbox/sink-kit';
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
  const { abilities, render } = equipment;
  const { desired, outcome, refusal } = await state.fit.fit(
    {
      catalog,
      full,
      again,
      describe(circumstances) {
        const certificates = state.certificates?.certificates ?? noCertificates;
        const { desired, touched } = state.desiredState.update(catalog, { ...circumstances, abilities, certificates });
        for (const name of touched) state.touched.add(name);
        return desired;
      },
      ports:
        target.kind === 'foreign'
          ? undefined
          : {
              wanted: ({ ports }) => [...ports.http.keys(), ...ports.tcp.keys()],
              async findOwn() {
                if (target.kind !== 'running') return () => false;
                const ports = await readRunningPorts(state, target.observed.mark.hash);
                return (port) => ports.has(port);
              },
            },
      conclude: (desired) => renderOnce(state, desired, equipment),
      question(desired, { hash }) {
        const judged = state.routesVersion === desired.structureVersion || render.mode === 'reload';
        if (judged && target.kind === 'running' && hash === target.observed.mark.hash) return undefined;
        return { candidate: { desired, render }, hash: hashCandidate(desired, render) };
      },
    },
    signal,
  );
  return { desired, structure: outcome, refusal };
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
