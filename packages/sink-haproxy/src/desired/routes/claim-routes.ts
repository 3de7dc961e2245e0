import type { Service } from '@signalbox/core';
import { findSpots, isPassthrough, type ListenerKinds, type SpotClaim } from '@signalbox/sink-kit';
import type { RouteFilter } from '../model.ts';
import { type Conditions, describeConditions } from './conditions.ts';
import { describeFilter } from './filter.ts';
import { isMixed, scopedKeys, wantsTls } from './scopes.ts';
import { spotKey } from './spot-key.ts';

/** What a service claims: requests to one spot (a host and a path), all of them or those that meet the conditions. */
export interface RouteClaim extends SpotClaim, Conditions {
  /** Of the spot in the map, see {@link spotKey}. */
  readonly key: string;
  /** Labels behind `*.`; 0 for an exact host name and for any host. */
  readonly wildcardLabels: number;
  /** Holds on listeners with TLS alone, and is the more specific one there. */
  readonly onlyTls: boolean;
  readonly filter: RouteFilter | undefined;
}

export interface RouteClaims {
  readonly claims: readonly RouteClaim[];
  readonly problems: readonly string[];
}

/**
 * A route with one wish that cannot be granted is refused as a whole: to match without a condition would send it traffic that is not its own.
 */
export function claimRoutes(service: Service, kinds: ListenerKinds): RouteClaims {
  const claims: RouteClaim[] = [];
  const problems: string[] = [];
  for (const [index, route] of (service.routes ?? []).entries()) {
    if (isPassthrough(route) && route.auth === undefined) continue;
    const onlyTls = wantsTls(route);
    const found = findSpots(route);
    const conditions = describeConditions(route, onlyTls && isMixed(kinds));
    const { filter, problem } = describeFilter(service.id, route);
    const refuse = (reason: string): void => {
      problems.push(`a route was left out: ${reason}`);
    };
    if (onlyTls && !kinds.hasTls) {
      refuse('it asks for TLS, and the sink has no listener with `tls`');
      continue;
    }
    if ('problem' in found) refuse(found.problem);
    else if ('problem' in conditions) refuse(conditions.problem);
    else if (problem !== undefined && filter === undefined) refuse(problem);
    else if (problem !== undefined) problems.push(`a route is closed to everybody: ${problem}`);
    if ('problem' in found || 'problem' in conditions || (problem !== undefined && filter === undefined)) continue;
    problems.push(...found.problems);
    for (const { host, type, path, rank } of found.spots) {
      const spot = spotKey({ host, type, path });
      // A rule says by a condition that it is for TLS alone; an entry of a map says so by its key.
      const keys = conditions.conditions.length > 0 ? [spot] : scopedKeys(spot, onlyTls, kinds);
      for (const key of keys) {
        claims.push({
          ...conditions,
          key,
          slot: JSON.stringify([key, ...conditions.conditions]),
          wildcardLabels: host.startsWith('*.') ? host.split('.').length - 1 : 0,
          rank,
          priority: route.priority ?? 0,
          onlyTls,
          index,
          filter,
        });
      }
    }
  }
  return { claims, problems };
}
