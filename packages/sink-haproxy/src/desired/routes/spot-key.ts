import type { Spot } from '@signalbox/sink-kit';
import { withoutScope } from './scopes.ts';

/**
 * Behind the path of a request when it is looked up: the slash makes a prefix end at a path boundary, which `map_beg` itself does not know. The
 * question mark, which no path contains, makes an exact path an entry that only the whole path begins with. So one look-up finds the exact
 * path, and else the longest prefix.
 */
export const endOfPath = '/?';

/** The key of a spot in the map of routes. */
export function spotKey({ host, type, path }: Pick<Spot, 'host' | 'type' | 'path'>): string {
  return type === 'exact' ? `${host}${path}${endOfPath}` : `${host}${path}`;
}

/** Host and path, for people. */
export function describeSpot(key: string): string {
  const spot = withoutScope(key);
  return spot.endsWith(endOfPath) ? spot.slice(0, -endOfPath.length) : spot;
}
