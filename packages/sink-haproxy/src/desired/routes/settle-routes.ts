import type { Warning } from '@signalbox/core';
import { inQuotes } from '@signalbox/sink-kit';
import type { ServiceUnit } from '../describe-service.ts';
import type { Maps, RouteFilter, RouteRule } from '../model.ts';
import type { RouteClaim } from './claim-routes.ts';
import { formatTarget } from './target.ts';

export interface SettledRoutes {
  readonly maps: Pick<Maps, 'exact' | 'prefix'>;
  readonly rules: readonly RouteRule[];
  readonly filters: readonly RouteFilter[];
  readonly wildcardLabels: readonly number[];
  readonly warnings: readonly Warning[];
}

interface Winner {
  readonly unit: ServiceUnit;
  readonly claim: RouteClaim;
}

/** Host names in one rule: a line of HAProxy has at most 64 words. */
const mostKeys = 16;

/** Gives each spot to one service, and each spot under the same conditions. Claims without conditions become map entries, the others rules. */
export function settleRoutes(units: Iterable<ServiceUnit>): SettledRoutes {
  const warnings: Warning[] = [];
  const winners = new Map<string, Winner>();
  for (const unit of units) {
    if (unit.backend === undefined) continue;
    for (const claim of unit.claims) claimSpot({ unit, claim }, winners, warnings);
  }
  const exact = new Map<string, string>();
  const prefix = new Map<string, string>();
  const labels = new Set<number>();
  const conditional: Winner[] = [];
  const filters = new Map<string, RouteFilter>();
  for (const winner of winners.values()) {
    const { unit, claim } = winner;
    const { filter } = claim;
    if (filter !== undefined) filters.set(filter.id, filter);
    if (claim.wildcardLabels > 0) labels.add(claim.wildcardLabels);
    if (claim.conditions.length > 0) conditional.push(winner);
    else {
      const backend = unit.backend?.name ?? '';
      (claim.map === 'exact' ? exact : prefix).set(
        claim.key,
        formatTarget({ backend, rank: claim.rank, filter: filter?.id }),
      );
    }
  }
  return {
    maps: { exact: sortedByKey(exact), prefix: sortedByKey(prefix) },
    rules: toRules(conditional.sort(byPrecedence)),
    filters: [...filters.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    wildcardLabels: [...labels].sort((left, right) => right - left),
    warnings,
  };
}

function claimSpot(candidate: Winner, winners: Map<string, Winner>, warnings: Warning[]): void {
  const { unit, claim } = candidate;
  const slot = JSON.stringify([claim.map, claim.key, ...claim.conditions]);
  const holder = winners.get(slot);
  // Units come sorted by id, so the holder wins every tie.
  if (holder === undefined || claim.priority > holder.claim.priority) winners.set(slot, candidate);
  if (holder === undefined) return;
  if (holder.unit === unit && holder.claim.filter?.id === claim.filter?.id) return;
  const [winner, loser] = winners.get(slot)?.unit === unit ? [unit, holder.unit] : [holder.unit, unit];
  const place = claim.conditions.length === 0 ? claim.key : `${claim.key} under the same conditions`;
  warnings.push({
    message: `the route ${place} was left out: ${winner === loser ? 'another route of the service' : inQuotes(winner.service.id)} has it`,
    service: loser.service.id,
  });
}

/** Host, path, method, more headers, more query parameters (Gateway API, HTTPRoute), `priority`, id, and the order within the service. */
function byPrecedence(left: Winner, right: Winner): number {
  const numbers = ({ claim }: Winner): readonly number[] => [claim.rank, ...claim.weights, claim.priority];
  const ofRight = numbers(right);
  for (const [index, number] of numbers(left).entries()) {
    const difference = (ofRight[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  if (left.unit !== right.unit) return left.unit.service.id < right.unit.service.id ? -1 : 1;
  if (left.claim.index !== right.claim.index) return left.claim.index - right.claim.index;
  return left.claim.key < right.claim.key ? -1 : 1;
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
      const { map, key, rank, wildcardLabels, conditions } = claim;
      const backend = unit.backend?.name ?? '';
      rules.push({ backend, map, keys: [key], rank, wildcardLabels, conditions, filter: claim.filter?.id });
    }
  }
  return rules;
}

function sortedByKey(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].sort(([left], [right]) => (left < right ? -1 : 1)));
}
