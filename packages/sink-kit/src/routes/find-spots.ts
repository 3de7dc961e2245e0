import type { Route } from '@signalbox/core';
import { checkHostname } from '../text/hostname.ts';
import { checkPath } from '../text/path.ts';

/** A host and a path, for which several services may compete. */
export interface Spot {
  /** A name, `*.` and a suffix, or `*` for any host. */
  readonly host: string;
  readonly type: 'exact' | 'prefix';
  /** A prefix ends in `/`, and covers the same path without it, so that `/api/` covers `/api` and `/api/x` and not `/apix`. */
  readonly path: string;
  readonly rank: number;
}

export interface FoundSpots {
  readonly spots: readonly Spot[];
  /** Host names that were left out. */
  readonly problems: readonly string[];
}

/** The spots of a route, one for each of its host names. A regular expression belongs to the spot of any path, before everything else there. */
export function findSpots({ hostnames, path }: Route): FoundSpots | { readonly problem: string } {
  const place = findPath(path);
  if ('problem' in place) return place;
  const spots: Spot[] = [];
  const problems: string[] = [];
  for (const hostname of hostnames === undefined || hostnames.length === 0 ? ['*'] : hostnames) {
    const host = hostname === '*' ? ({ ok: true, value: '*' } as const) : checkHostname(hostname);
    if (host.ok) spots.push({ ...place, host: host.value, rank: rankSpot(host.value, place) });
    else problems.push(`a host name of a route was left out: ${host.reason}`);
  }
  return { spots, problems };
}

type Place = Pick<Spot, 'type' | 'path'>;

function findPath(path: Route['path']): Place | { problem: string } {
  if (path === undefined || path.type === 'regex') return { type: 'prefix', path: '/' };
  const checked = checkPath(path.value);
  if (!checked.ok) return { problem: checked.reason };
  if (path.type === 'exact') return { type: 'exact', path: checked.value };
  return { type: 'prefix', path: `${checked.value.replace(/\/+$/, '')}/` };
}

/** More than the 127 labels that a host name may have. */
const exactHost = 255;

/** Above every prefix: a path has at most 1024 characters, and each counts two. */
const exactPath = 9_998;

/**
 * How specific a spot is, as one number, so that a proxy can compare: exact host before the longer wildcard before any host, then exact path
 * before the longest prefix (Gateway API, HTTPRoute). Always even, with an odd number free above it.
 */
function rankSpot(host: string, { type, path }: Place): number {
  const ofHost = host === '*' ? 0 : host.startsWith('*.') ? host.split('.').length - 1 : exactHost;
  return ofHost * 10_000 + (type === 'exact' ? exactPath : path.length * 2);
}
