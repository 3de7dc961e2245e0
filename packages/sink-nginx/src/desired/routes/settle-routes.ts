import type { Warning } from '@signalbox/core';
import { type Candidate, inQuotes, type LostClaim, settleClaims } from '@signalbox/sink-kit';
import type { ServiceUnit } from '../describe-service.ts';
import type { HostRoutes, Rule } from '../model.ts';
import type { RouteClaim } from './claim-routes.ts';

export interface SettledRoutes {
  readonly hosts: ReadonlyMap<string, HostRoutes>;
  readonly warnings: readonly Warning[];
}

/** Gives each spot to one service, and each spot under the same conditions. `units` are sorted by service id. */
export function settleRoutes(units: Iterable<ServiceUnit>): SettledRoutes {
  const candidates: Candidate<RouteClaim>[] = [];
  for (const { service, upstream, claims } of units) {
    if (upstream !== undefined) for (const claim of claims) candidates.push({ serviceId: service.id, claim });
  }
  const { winners, lost } = settleClaims(candidates);
  const hosts = new Map<string, { exact: Map<string, Rule[]>; prefix: Map<string, Rule[]> }>();
  for (const { claim } of winners) {
    const { host, type, path } = claim.spot;
    const routes = hosts.get(host) ?? { exact: new Map(), prefix: new Map() };
    hosts.set(host, routes);
    const rules = routes[type].get(path);
    if (rules === undefined) routes[type].set(path, [claim.rule]);
    else rules.push(claim.rule);
  }
  return {
    hosts: new Map([...hosts].sort(([left], [right]) => (left < right ? -1 : 1))),
    warnings: lost.flatMap(describeLost),
  };
}

/** A service that claims the same twice, to the same effect, loses nothing. */
function describeLost({ loser, winner }: LostClaim<RouteClaim>): readonly Warning[] {
  const { claim, serviceId } = loser;
  const isSame = serviceId === winner.serviceId;
  if (isSame && JSON.stringify(claim.rule) === JSON.stringify(winner.claim.rule)) return [];
  const place = `${claim.spot.host}${claim.spot.path}`;
  const where = claim.rule.conditions.length === 0 ? place : `${place} under the same conditions`;
  const who = isSame ? 'another route of the service' : inQuotes(winner.serviceId);
  return [{ message: `the route ${where} was left out: ${who} has it`, service: serviceId }];
}
