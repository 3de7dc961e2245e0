import type { Route, Service } from '@signalbox/core';
import { checkHostname, checkPath } from '@signalbox/sink-kit';
import type { MapName } from './model.ts';

/** One key of a map that a service claims. */
export interface RouteClaim {
  readonly map: Exclude<MapName, 'port'>;
  readonly key: string;
  /** Labels behind `*.`; 0 for an exact host name and for any host. */
  readonly wildcardLabels: number;
  readonly priority: number;
}

export interface RouteClaims {
  readonly claims: readonly RouteClaim[];
  readonly problems: readonly string[];
}

/**
 * Keys are `host` and path; a prefix ends in `/` and is looked up with a `/` behind the path, so that `/api` covers `/api/x` and not `/apix`
 * (`map_beg` itself knows no path boundary). A host is a name, `*.` and a suffix, or `*` for any.
 * A route that wants more than maps can do is refused as a whole: to match without a condition would send it traffic that is not its own.
 */
export function claimRoutes(service: Service): RouteClaims {
  const claims: RouteClaim[] = [];
  const problems: string[] = [];
  for (const route of service.routes ?? []) {
    const wish = unsupportedWish(route);
    if (wish !== undefined) {
      problems.push(`a route was left out: HAProxy routes with ${wish} are not supported`);
      continue;
    }
    const path = pathKey(route);
    if ('problem' in path) {
      problems.push(`a route was left out: ${path.problem}`);
      continue;
    }
    const hostnames = route.hostnames === undefined || route.hostnames.length === 0 ? ['*'] : route.hostnames;
    for (const hostname of hostnames) {
      const host = hostname === '*' ? ({ ok: true, value: '*' } as const) : checkHostname(hostname);
      if (!host.ok) {
        problems.push(`a host name of a route was left out: ${host.reason}`);
        continue;
      }
      claims.push({
        map: path.map,
        key: `${host.value}${path.key}`,
        wildcardLabels: host.value.startsWith('*.') ? host.value.split('.').length - 1 : 0,
        priority: route.priority ?? 0,
      });
    }
  }
  return { claims, problems };
}

function pathKey(route: Route): { map: RouteClaim['map']; key: string } | { problem: string } {
  if (route.path === undefined) return { map: 'prefix', key: '/' };
  const path = checkPath(route.path.value);
  if (!path.ok) return { problem: path.reason };
  if (route.path.type === 'exact') return { map: 'exact', key: path.value };
  return { map: 'prefix', key: `${path.value.replace(/\/+$/, '')}/` };
}

function unsupportedWish(route: Route): string | undefined {
  if (route.path?.type === 'regex') return 'a regular expression as path';
  if (route.headers !== undefined && route.headers.length > 0) return 'header conditions';
  if (route.queryParams !== undefined && route.queryParams.length > 0) return 'query conditions';
  if (route.methods !== undefined && route.methods.length > 0) return 'method conditions';
  if (route.redirect !== undefined) return 'a redirect';
  if (route.rewrite !== undefined) return 'a rewrite';
  if (route.requestHeaders !== undefined) return 'edits of request headers';
  if (route.responseHeaders !== undefined) return 'edits of response headers';
  if (route.auth !== undefined) return 'basic authentication';
  if (route.tls !== undefined) return 'TLS';
  return undefined;
}
