import type { Catalog, SinkError } from '@signalbox/core';
import type { Case, Judge } from '../candidate/judge.ts';
import { addRefused, type RefusedServices } from '../candidate/refused-services.ts';
import { createHostAddresses } from '../endpoints/host-addresses.ts';
import { findOccupiedPorts } from '../ports/occupied-ports.ts';
import type { LookUp } from './service-units.ts';

/** What a description of the services takes from outside the catalog. */
export interface Circumstances {
  readonly lookUp: LookUp;
  /** Ports that another process holds. A new object when it changed. */
  readonly occupiedPorts: ReadonlySet<number>;
  /** Services that the proxy's own check refused, with its words. A new object when it changed. */
  readonly refused: RefusedServices;
}

export interface DesiredFitOptions<Candidate, Item extends { readonly serviceId: string }> {
  /** Where the proxy listens for service ports. */
  readonly bindAddress: string;
  readonly judge: Judge<Candidate, Item>;
}

export interface FitOptions<Desired, Candidate, Outcome> {
  readonly catalog: Catalog;
  /** Cheap where nothing changed: it is asked after everything that was found out. */
  describe(circumstances: Circumstances): Desired;
  /** What {@link DesiredFit.describe} has just given; without it, `describe` is asked first. */
  readonly described?: Desired;
  /** Looks at everything again, addresses and ports included. */
  readonly full: boolean;
  /** The same catalog was planned before: a check that failed is tried again. */
  readonly again: boolean;
  /** Undefined where nobody can tell the proxy's own ports from those of others. */
  readonly ports: PortsToLookAt<Desired> | undefined;
  /** What follows from it; asked for each description that may come to be judged. */
  conclude(desired: Desired): Outcome;
  /** What the proxy's own check is asked about; undefined when it runs that already. */
  question(desired: Desired, outcome: Outcome): Omit<Case<Candidate>, 'again'> | undefined;
}

export interface PortsToLookAt<Desired> {
  wanted(desired: Desired): Iterable<number>;
  /** Whether the proxy itself listens there. */
  findOwn(): Promise<(port: number) => boolean>;
}

export interface FittedDesired<Desired, Outcome> {
  readonly desired: Desired;
  readonly outcome: Outcome;
  /** The proxy refuses the candidate, and no service is to blame. */
  readonly refusal: SinkError | undefined;
}

/** Fits what the catalog asks for to what only reality knows: addresses of host names, ports of others, the proxy's own check. */
export interface DesiredFit<Candidate> {
  /** A first description, by what is known so far: for who waits meanwhile until the proxy says what {@link fit} needs. */
  describe<Desired>(describe: (circumstances: Circumstances) => Desired): Desired;
  fit<Desired extends { readonly structureVersion: number }, Outcome>(
    options: FitOptions<Desired, Candidate, Outcome>,
    signal: AbortSignal,
  ): Promise<FittedDesired<Desired, Outcome>>;
  /** With addresses alone, for what is only shown. */
  preview<Desired>(describe: (circumstances: Circumstances) => Desired, signal: AbortSignal): Promise<Desired>;
}

export function createDesiredFit<Candidate, Item extends { readonly serviceId: string }>({
  bindAddress,
  judge,
}: DesiredFitOptions<Candidate, Item>): DesiredFit<Candidate> {
  const hosts = createHostAddresses();
  let circumstances: Circumstances = { lookUp: hosts.lookUp, occupiedPorts: new Set(), refused: new Map() };
  /** The structure whose ports were last looked at. */
  let portsVersion: number | undefined;

  /** Looks only at ports that the proxy does not have yet. True when the set of foreign ones changed. */
  async function lookAtPorts<Desired>(desired: Desired, { wanted, findOwn }: PortsToLookAt<Desired>): Promise<boolean> {
    const { occupiedPorts: before } = circumstances;
    const isOwn = await findOwn();
    const asked = [...wanted(desired), ...before].filter((port) => !isOwn(port));
    const occupiedPorts = await findOccupiedPorts(bindAddress, asked);
    if (occupiedPorts.size === before.size && [...occupiedPorts].every((port) => before.has(port))) return false;
    circumstances = { ...circumstances, occupiedPorts };
    return true;
  }

  return {
    describe: (describe) => describe(circumstances),
    async fit({ catalog, describe, described, full, again, ports, conclude, question }, signal) {
      let desired = described ?? describe(circumstances);
      if (await hosts.resolve({ all: full, signal })) desired = describe(circumstances);
      if (ports !== undefined && (full || portsVersion !== desired.structureVersion)) {
        if (await lookAtPorts(desired, ports)) desired = describe(circumstances);
        portsVersion = desired.structureVersion;
      }
      for (;;) {
        const outcome = conclude(desired);
        const asked = question(desired, outcome);
        if (asked === undefined) return { desired, outcome, refusal: undefined };
        const verdict = await judge.judge({ ...asked, again }, signal);
        if (verdict.kind === 'refused') return { desired, outcome, refusal: verdict.error };
        const refused = verdict.kind === 'good' ? undefined : addRefused(circumstances.refused, verdict.items, catalog);
        if (refused === undefined) return { desired, outcome, refusal: undefined };
        circumstances = { ...circumstances, refused };
        desired = describe(circumstances);
      }
    },
    async preview(describe, signal) {
      describe(circumstances);
      await hosts.resolve({ all: false, signal });
      return describe(circumstances);
    },
  };
}
