import type { Endpoint, Service } from '@signalbox/core';
import type { MergeOrigin } from './merge-options.ts';

/** A service in a pool. */
export interface Member {
  readonly service: Service;
  /** Position of its origin. */
  readonly origin: number;
}

/** An endpoint on its way into the pool. */
export interface Candidate {
  readonly endpoint: Endpoint;
  /** Id of the service that it comes from. */
  readonly service: string;
  readonly origin: number;
}

/** The pool's primary first: by the order of origins, then by id, whatever order services come in. */
export function compareMembers(left: Member, right: Member): number {
  if (left.origin !== right.origin) return left.origin - right.origin;
  return left.service.id < right.service.id ? -1 : 1;
}

/**
 * Splits off what cannot be served together with the primary, with the reasons: another protocol, or another port of an app that is
 * in the pool already.
 */
export function splitMembers(members: readonly Member[]): {
  readonly joined: readonly Member[];
  readonly leftOut: ReadonlyMap<Service, string>;
} {
  const joined: Member[] = [];
  const leftOut = new Map<Service, string>();
  for (const member of members) {
    const reason = findObstacle(joined, member.service);
    if (reason === undefined) joined.push(member);
    else leftOut.set(member.service, reason);
  }
  return { joined, leftOut };
}

function findObstacle(joined: readonly Member[], { id, protocol, appProtocol }: Service): string | undefined {
  const primary = joined[0]?.service;
  if (primary === undefined) return undefined;
  if (primary.protocol !== protocol) return `it speaks ${protocol}, the pool ${primary.protocol}`;
  const spoken = joined.map(({ service }) => service.appProtocol).find((one) => one !== undefined);
  if (spoken !== undefined && appProtocol !== undefined && spoken !== appProtocol) {
    return `it speaks ${appProtocol}, the pool ${spoken}`;
  }
  const sibling = joined.find(({ service }) => appOf(service.id) === appOf(id));
  if (sibling === undefined) return undefined;
  return `it is another port of ${JSON.stringify(sibling.service.id)}; choose one with portName`;
}

function appOf(id: string): string {
  const end = id.lastIndexOf('#');
  return end < 0 ? id : id.slice(0, end);
}

/**
 * One endpoint for each address and port: that of the first origin which takes traffic. Two entries of a proxy for one process
 * would give it twice its share.
 */
export function removeDuplicates(
  candidates: readonly Candidate[],
  origins: readonly MergeOrigin[],
): { readonly kept: readonly Candidate[]; readonly dropped: readonly Candidate[] } {
  const takesTraffic = ({ origin }: Candidate): boolean => {
    const { percent, weight } = origins[origin] ?? {};
    return (percent ?? weight) !== 0;
  };
  const chosen = new Map<string, Candidate>();
  for (const candidate of [...candidates.filter(takesTraffic), ...candidates]) {
    const place = placeOf(candidate);
    if (!chosen.has(place)) chosen.set(place, candidate);
  }
  const kept = candidates.filter((candidate) => chosen.get(placeOf(candidate)) === candidate);
  return { kept, dropped: candidates.filter((candidate) => chosen.get(placeOf(candidate)) !== candidate) };
}

function placeOf({ endpoint: { address, port } }: Candidate): string {
  return `${address} ${port}`;
}
