import type { Warning } from '@signalbox/core';
import { type Candidate, inQuotes, type LostClaim, settleClaims } from '@signalbox/sink-kit';
import type { ServiceUnit } from '../describe-service.ts';
import type { Maps, RouteFilter, RouteRule } from '../model.ts';
import type { RouteClaim } from './claim-routes.ts';
import { describeSpot } from './spot-key.ts';
import { formatTarget } from './target.ts';

export interface SettledRoutes {
  readonly maps: Pick<Maps, 'route'>;
  readonly rules: readonly RouteRule[];
  readonly filters: readonly RouteFilter[];
  readonly wildcardLabels: readonly number[];
  readonly warnings: readonly Warning[];
}

interface Winner extends Candidate<RouteClaim> {
  readonly unit: ServiceUnit;
}

/** Host names in one rule: a line of HAProxy has at most 64 words. */
const mostKeys = 16;

/** Gives each spot to one service, and each spot under the same conditions. Claims without conditions become map entries, the others rules. */
export function settleRoutes(units: Iterable<ServiceUnit>): SettledRoutes {
  const candidates: Winner[] = [];
  /** What routes for TLS alone claim there, nobody else does. */
  const ofTls = new Set<string>();
  for (const unit of units) {
    if (unit.backend === undefined) continue;
    for (const claim of unit.claims) {
      candidates.push({ serviceId: unit.service.id, unit, claim });
      if (claim.onlyTls) ofTls.add(claim.slot);
    }
  }
  const { winners, lost } = settleClaims(candidates.filter(({ claim }) => claim.onlyTls || !ofTls.has(claim.slot)));
  const route = new Map<string, string>();
  const labels = new Set<number>();
  const conditional: Winner[] = [];
  const filters = new Map<string, RouteFilter>();
  for (const winner of winners as readonly Winner[]) {
    const { unit, claim } = winner;
    const { filter } = claim;
    if (filter !== undefined) filters.set(filter.id, filter);
    if (claim.wildcardLabels > 0) labels.add(claim.wildcardLabels);
    if (claim.conditions.length > 0) conditional.push(winner);
    else {
      const backend = unit.backend?.name ?? '';
      route.set(claim.key, formatTarget({ backend, rank: claim.rank, filter: filter?.id }));
    }
  }
  return {
    maps: { route: sortedByKey(route) },
    rules: toRules(conditional),
    filters: [...filters.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    wildcardLabels: [...labels].sort((left, right) => right - left),
    warnings: [...new Map(lost.flatMap(describeLost).map((warning) => [JSON.stringify(warning), warning])).values()],
  };
}

/** A service that claims the same twice, to the same effect, loses nothing. A spot may be lost on listeners with TLS and on those without. */
function describeLost({ loser, winner }: LostClaim<RouteClaim>): readonly Warning[] {
  const { claim, serviceId } = loser;
  if (serviceId === winner.serviceId && claim.filter?.id === winner.claim.filter?.id) return [];
  const spot = describeSpot(claim.key);
  const place = claim.conditions.length === 0 ? spot : `${spot} under the same conditions`;
  const who = serviceId === winner.serviceId ? 'another route of the service' : inQuotes(winner.serviceId);
  return [{ message: `the route ${place} was left out: ${who} has it`, service: serviceId }];
}

/** One rule for all host names of a route that are equally specific. */
function toRules(winners: readonly Winner[]): readonly RouteRule[] {
  const rules: (RouteRule & { readonly keys: string[] })[] = [];
  let last: Winner | undefined;
  for (const winner of winners) {
    const { unit, claim } = winner;
    const rule = rules.at(-1);
    const joins = last?.unit === unit && last.claim.index === claim.index && last.claim.rank === claim.rank;
    last = winner;
    if (joins && rule !== undefined && rule.keys.length < mostKeys) rule.keys.push(claim.key);
    else {
      const { key, rank, wildcardLabels, conditions } = claim;
      const backend = unit.backend?.name ?? '';
      rules.push({ backend, keys: [key], rank, wildcardLabels, conditions, filter: claim.filter?.id });
    }
  }
  return rules;
}

function sortedByKey(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].sort(([left], [right]) => (left < right ? -1 : 1)));
}
