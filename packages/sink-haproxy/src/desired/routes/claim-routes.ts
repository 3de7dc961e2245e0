import type { Service } from '@signalbox/core';
import { findSpots, type SpotClaim } from '@signalbox/sink-kit';
import type { RouteFilter, RouteMapName } from '../model.ts';
import { type Conditions, describeConditions } from './conditions.ts';
import { describeFilter } from './filter.ts';

/** What a service claims: requests to one spot (a host and a path), all of them or those that meet the conditions. */
export interface RouteClaim extends SpotClaim, Conditions {
  readonly map: RouteMapName;
  /** Host and path of the spot, as a key of the map. */
  readonly key: string;
  /** Labels behind `*.`; 0 for an exact host name and for any host. */
  readonly wildcardLabels: number;
  readonly filter: RouteFilter | undefined;
}

export interface RouteClaims {
  readonly claims: readonly RouteClaim[];
  readonly problems: readonly string[];
}

/**
 * Keys are `host` and path; a prefix is looked up with a `/` behind the path (`map_beg` itself knows no path boundary).
 * A route with one wish that cannot be granted is refused as a whole: to match without a condition would send it traffic that is not its own.
 */
export function claimRoutes(service: Service): RouteClaims {
  const claims: RouteClaim[] = [];
  const problems: string[] = [];
  for (const [index, route] of (service.routes ?? []).entries()) {
    const found = findSpots(route);
    const conditions = describeConditions(route);
    const { filter, problem } = describeFilter(service.id, route);
    const refuse = (reason: string): void => {
      problems.push(`a route was left out: ${reason}`);
    };
    if ('problem' in found) refuse(found.problem);
    else if ('problem' in conditions) refuse(conditions.problem);
    else if (problem !== undefined && filter === undefined) refuse(problem);
    else if (problem !== undefined) problems.push(`a route is closed to everybody: ${problem}`);
    if ('problem' in found || 'problem' in conditions || (problem !== undefined && filter === undefined)) continue;
    problems.push(...found.problems);
    for (const { host, type, path, rank } of found.spots) {
      const key = `${host}${path}`;
      claims.push({
        ...conditions,
        map: type,
        key,
        slot: JSON.stringify([type, key, ...conditions.conditions]),
        wildcardLabels: host.startsWith('*.') ? host.split('.').length - 1 : 0,
        rank,
        priority: route.priority ?? 0,
        index,
        filter,
      });
    }
  }
  return { claims, problems };
}
