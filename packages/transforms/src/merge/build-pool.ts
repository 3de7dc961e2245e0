import type { Endpoint, Service } from '@signalbox/core';
import { describeDisagreements } from './disagreements.ts';
import { assignRoles, type Level } from './levels.ts';
import { type Candidate, type Member, removeDuplicates, splitMembers } from './members.ts';
import type { MergeOrigin, MergePool } from './merge-options.ts';
import { weighLevel } from './weigh-level.ts';

/** What became of the services that belong to one pool. */
export interface Pool {
  readonly members: readonly Member[];
  /** With the id of the first member, the primary. */
  readonly merged: Service;
  /** The others that are in it, and stand in the catalog no more. */
  readonly joined: readonly Member[];
  /** Those that could not be joined and go on as they are, with the reason. */
  readonly leftOut: ReadonlyMap<Service, string>;
  readonly levels: readonly Level[];
  readonly problems: readonly string[];
}

const everyService: readonly MergeOrigin[] = [{ match: '*' }];

/** Joins the members of a pool, the primary first. */
export function buildPool(members: readonly Member[], { name, origins = everyService }: MergePool): Pool {
  const { joined, leftOut } = splitMembers(members);
  const [primary, ...others] = joined.map(({ service }) => service) as [Service, ...Service[]];
  const all = joined.flatMap(({ service, origin }) =>
    service.endpoints.map((endpoint): Candidate => ({ endpoint, service: service.id, origin })),
  );
  const { kept, dropped } = removeDuplicates(all, origins);
  const levels = assignRoles(kept, origins);
  const problems = [
    ...[...leftOut].map(([{ id }, reason]) => `${JSON.stringify(id)} is left out: ${reason}`),
    ...dropped.map(({ endpoint: { address, port }, service }) => {
      return `${JSON.stringify(service)} has an endpoint that the pool has already: ${JSON.stringify(`${address}:${port}`)}`;
    }),
    ...describeDisagreements(primary, others),
    ...describeEmpty(joined, kept, origins),
  ];
  const renamed = name === undefined || name === primary.name ? primary : { ...primary, name };
  // Alone, a service is what it was; only what is shared has to be weighed.
  const merged =
    others.length === 0 ? renamed : { ...renamed, ...inherit(joined), endpoints: joinEndpoints(kept, levels, origins) };
  return { members, merged, joined, leftOut, levels, problems };
}

/** What the primary does not say is taken from the next that does. */
function inherit(members: readonly Member[]): Partial<Service> {
  const keys = ['appProtocol', 'port', 'healthCheck', 'routes', 'traffic', 'extensions'] as const;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = members.map(({ service }) => service[key]).find((one) => one !== undefined);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** In the order of members, so that equal members give equal pools. */
function joinEndpoints(
  candidates: readonly Candidate[],
  levels: readonly Level[],
  origins: readonly MergeOrigin[],
): readonly Endpoint[] {
  const endpoints = new Map<Candidate, Endpoint>();
  for (const { candidates: level, role } of levels) {
    const weights = weighLevel(level, origins);
    for (const candidate of level) {
      // Who finishes its connections is not cut off, whatever its level.
      if (role === 'resting' && candidate.endpoint.draining !== true) continue;
      const weight = weights?.get(candidate);
      const { endpoint, service } = candidate;
      endpoints.set(candidate, {
        ...endpoint,
        ...(weight === undefined ? {} : { weight }),
        ...(role === 'active' ? {} : { backup: true }),
        metadata: { ...endpoint.metadata, origin: service },
      });
    }
  }
  const ids = new Set<string>();
  return candidates.flatMap((candidate) => {
    const endpoint = endpoints.get(candidate);
    if (endpoint === undefined) return [];
    const id = ids.has(endpoint.id) ? `${candidate.service}/${endpoint.id}` : endpoint.id;
    ids.add(id);
    return id === endpoint.id ? [endpoint] : [{ ...endpoint, id }];
  });
}

/** An origin that should take traffic and has nobody to do so; the others do it. */
function describeEmpty(
  members: readonly Member[],
  kept: readonly Candidate[],
  origins: readonly MergeOrigin[],
): readonly string[] {
  if (members.length < 2) return [];
  const present = [...new Set(members.map(({ origin }) => origin))];
  return present.flatMap((origin) => {
    const { percent, weight } = origins[origin] ?? {};
    const serves = kept.some((candidate) => candidate.origin === origin && candidate.endpoint.draining !== true);
    if (serves || (percent ?? weight) === 0) return [];
    const share = percent === undefined ? '' : `; its ${percent} % go to the others`;
    return [`origin ${origin + 1} has no endpoint that takes traffic${share}`];
  });
}
