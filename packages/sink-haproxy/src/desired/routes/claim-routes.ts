import type { Route, Service } from '@signalbox/core';
import { checkHostname, checkPath } from '@signalbox/sink-kit';
import type { RouteFilter, RouteMapName } from '../model.ts';
import { type Conditions, describeConditions } from './conditions.ts';
import { describeFilter } from './filter.ts';
import { rankSpot } from './rank.ts';

/** What a service claims: requests to one spot (a host and a path), all of them or those that meet the conditions. */
export interface RouteClaim extends Conditions {
  readonly map: RouteMapName;
  /** Host and path of the spot, as a key of the map. */
  readonly key: string;
  /** Labels behind `*.`; 0 for an exact host name and for any host. */
  readonly wildcardLabels: number;
  readonly rank: number;
  readonly priority: number;
  /** Which of the service's routes it comes from. */
  readonly index: number;
  readonly filter: RouteFilter | undefined;
}

export interface RouteClaims {
  readonly claims: readonly RouteClaim[];
  readonly problems: readonly string[];
}

/**
 * Keys are `host` and path; a prefix ends in `/` and is looked up with a `/` behind the path, so that `/api` covers `/api/x` and not `/apix`
 * (`map_beg` itself knows no path boundary). A host is a name, `*.` and a suffix, or `*` for any.
 * A route with one wish that cannot be granted is refused as a whole: to match without a condition would send it traffic that is not its own.
 */
export function claimRoutes(service: Service): RouteClaims {
  const claims: RouteClaim[] = [];
  const problems: string[] = [];
  for (const [index, route] of (service.routes ?? []).entries()) {
    const path = pathKey(route);
    const conditions = describeConditions(route);
    const { filter, problem } = describeFilter(service.id, route);
    const refuse = (reason: string): void => {
      problems.push(`a route was left out: ${reason}`);
    };
    if ('problem' in path) refuse(path.problem);
    else if ('problem' in conditions) refuse(conditions.problem);
    else if (problem !== undefined && filter === undefined) refuse(problem);
    else if (problem !== undefined) problems.push(`a route is closed to everybody: ${problem}`);
    if ('problem' in path || 'problem' in conditions || (problem !== undefined && filter === undefined)) continue;
    const hostnames = route.hostnames === undefined || route.hostnames.length === 0 ? ['*'] : route.hostnames;
    for (const hostname of hostnames) {
      const host = hostname === '*' ? ({ ok: true, value: '*' } as const) : checkHostname(hostname);
      if (!host.ok) {
        problems.push(`a host name of a route was left out: ${host.reason}`);
        continue;
      }
      claims.push({
        ...conditions,
        map: path.map,
        key: `${host.value}${path.key}`,
        wildcardLabels: host.value.startsWith('*.') ? host.value.split('.').length - 1 : 0,
        rank: rankSpot(host.value, path.map, path.key),
        priority: route.priority ?? 0,
        index,
        filter,
      });
    }
  }
  return { claims, problems };
}

/** A regular expression belongs to the spot of any path, before everything else there. */
function pathKey(route: Route): { map: RouteMapName; key: string } | { problem: string } {
  if (route.path === undefined || route.path.type === 'regex') return { map: 'prefix', key: '/' };
  const path = checkPath(route.path.value);
  if (!path.ok) return { problem: path.reason };
  if (route.path.type === 'exact') return { map: 'exact', key: path.value };
  return { map: 'prefix', key: `${path.value.replace(/\/+$/, '')}/` };
}
