import type { Service } from '@signalbox/core';
import {
  checkConditions,
  findSpots,
  isPassthrough,
  type ListenerKinds,
  nameService,
  type RouteConditions,
  type Spot,
  type SpotClaim,
} from '@signalbox/sink-kit';
import type { Condition, Rule } from '../model.ts';
import { describeActions } from './describe-actions.ts';

/** What a service claims: requests to one spot (a host and a path), all of them or those that meet the conditions. */
export interface RouteClaim extends SpotClaim {
  readonly spot: Spot;
  readonly rule: Rule;
}

export interface RouteClaims {
  readonly claims: readonly RouteClaim[];
  readonly problems: readonly string[];
}

/** A route with one wish that cannot be granted is refused as a whole: to match without a condition would send it traffic that is not its own. */
export function claimRoutes(
  service: Service,
  { hasLua, kinds }: { readonly hasLua: boolean; readonly kinds: ListenerKinds },
): RouteClaims {
  const claims: RouteClaim[] = [];
  const problems: string[] = [];
  const upstream = nameService(service.id);
  for (const [index, route] of (service.routes ?? []).entries()) {
    // One with users is closed to everybody, where TLS ends.
    if (isPassthrough(route) && route.auth === undefined) continue;
    const wantsTls = route.tls?.mode === 'terminate';
    if (wantsTls && !kinds.hasTls) {
      problems.push('a route was left out: it asks for TLS, and the sink has no listener with `tls`');
      continue;
    }
    const found = findSpots(route);
    const conditions = checkConditions(route);
    const { actions, problem } = describeActions(route, { hasLua });
    const reason =
      ('problem' in found && found.problem) ||
      ('problem' in conditions && conditions.problem) ||
      findUnknownCondition(conditions, hasLua) ||
      (actions === undefined && problem) ||
      undefined;
    if (reason !== undefined) problems.push(`a route was left out: ${reason}`);
    if (reason !== undefined || 'problem' in found || 'problem' in conditions) continue;
    if (problem !== undefined) problems.push(`a route is closed to everybody: ${problem}`);
    problems.push(...found.problems);
    // Only where a sink has listeners of both kinds are there two answers for one host and path.
    const onlyTls = wantsTls && kinds.hasPlain;
    const all: readonly Condition[] = onlyTls ? [...conditions.conditions, { on: 'tls' }] : conditions.conditions;
    const rule = { upstream, conditions: all, actions };
    for (const spot of found.spots) {
      claims.push({
        spot,
        rule,
        slot: JSON.stringify([spot.host, spot.type, spot.path, all]),
        rank: spot.rank,
        weights: [...conditions.weights, onlyTls ? 1 : 0],
        priority: route.priority ?? 0,
        index,
      });
    }
  }
  return { claims, problems };
}

/** What nginx itself cannot tell: it drops headers whose names have a `_` or a `.`, and without Lua it has query parameters only as they came, encoded. */
function findUnknownCondition(
  checked: RouteConditions | { readonly problem: string },
  hasLua: boolean,
): string | undefined {
  if ('problem' in checked) return undefined;
  for (const condition of checked.conditions) {
    // nginx makes a variable of each named group, and might make it one of ours.
    if ('type' in condition && condition.type === 'regex' && /\(\?(P?<[A-Za-z_]|')/.test(condition.value)) {
      return 'a regular expression may not name its groups';
    }
    if (condition.on === 'header' && /[._]/.test(condition.name)) {
      return 'nginx drops headers whose names have a "_" or a "."';
    }
    if (condition.on === 'query' && condition.type === 'regex' && !hasLua) {
      return 'nginx needs its Lua module for a regular expression on a query parameter';
    }
  }
  return undefined;
}
