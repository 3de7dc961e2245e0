import type { RouteMapName } from '../model.ts';

/** More than the 127 labels that a host name may have. */
const exactHost = 255;

/** Above every prefix: a path has at most 1024 characters, and each counts two. */
const exactPath = 9_998;

/**
 * How specific a spot is, as one number, so that HAProxy can compare a route that a map found with one that needs a rule: exact host before the
 * longer wildcard before any host, then exact path before the longest prefix (Gateway API, HTTPRoute). Always even; the odd number above it is
 * that of a rule at the same spot.
 */
export function rankSpot(host: string, map: RouteMapName, path: string): number {
  const ofHost = host === '*' ? 0 : host.startsWith('*.') ? host.split('.').length - 1 : exactHost;
  return ofHost * 10_000 + (map === 'exact' ? exactPath : path.length * 2);
}
