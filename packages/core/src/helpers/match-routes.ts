import type { Route, ValueMatch } from '../model/route.ts';
import type { Service } from '../model/service.ts';

/** A request, as far as routes look at it. */
export interface RouteRequest {
  /** Without a port. */
  readonly hostname: string;
  /** Origin-form, starting with `/`, without the query. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryParams: Readonly<Record<string, readonly string[]>>;
}

/** A route that covers the host and the path of a request. */
export interface RouteMatch {
  readonly service: Service;
  readonly route: Route;
  /** Position in `service.routes`. */
  readonly index: number;
  /** The host name of the route that covers the request; absent for any host. */
  readonly hostname?: string;
  /** Conditions of the route that the request does not meet, for people, e.g. `header x-canary is "yes"`. Empty: it could take the request. */
  readonly unmet: readonly string[];
}

/**
 * Every route that covers the host and the path of the request, in the order of precedence that {@link Route} states: the first one
 * without unmet conditions takes the request.
 */
export function matchRoutes(services: Iterable<Service>, request: RouteRequest): readonly RouteMatch[] {
  const found: Ranked[] = [];
  for (const service of services) {
    for (const [index, route] of (service.routes ?? []).entries()) {
      const host = matchHost(route, request.hostname.toLowerCase());
      const path = matchPath(route.path, request.path);
      if (host === undefined || path === undefined) continue;
      const { methods = [], headers = [], queryParams = [], priority = 0 } = route;
      found.push({
        rank: [host.rank, ...path, Math.min(methods.length, 1), headers.length, queryParams.length, priority],
        match: {
          service,
          route,
          index,
          unmet: listUnmet(route, request),
          ...(host.name !== undefined && { hostname: host.name }),
        },
      });
    }
  }
  return found.sort(byPrecedence).map(({ match }) => match);
}

interface Ranked {
  /** Compared number by number; more wins. */
  readonly rank: readonly number[];
  readonly match: RouteMatch;
}

function byPrecedence(left: Ranked, right: Ranked): number {
  for (const [position, number] of left.rank.entries()) {
    const difference = (right.rank[position] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  if (left.match.service.id !== right.match.service.id) return left.match.service.id < right.match.service.id ? -1 : 1;
  return left.match.index - right.match.index;
}

/** The most specific host name of the route that covers the request: exact, then the wildcard with the most labels, then any host. */
function matchHost(route: Route, hostname: string): { readonly rank: number; readonly name?: string } | undefined {
  const names = route.hostnames ?? [];
  if (names.length === 0) return { rank: 0 };
  let best: { readonly rank: number; readonly name: string } | undefined;
  for (const name of names) {
    const rank = rankHost(name.toLowerCase(), hostname);
    if (rank !== undefined && rank > (best?.rank ?? -1)) best = { rank, name };
  }
  return best;
}

function rankHost(name: string, hostname: string): number | undefined {
  if (name === '*') return 0;
  if (name === hostname) return Number.MAX_SAFE_INTEGER;
  return name.startsWith('*.') && hostname.endsWith(name.slice(1)) ? name.split('.').length - 1 : undefined;
}

/**
 * How specific the path is: exact before the longest prefix; a regular expression stands behind every prefix but that of any path.
 * `undefined` when it does not cover the request.
 */
function matchPath(match: Route['path'], path: string): readonly number[] | undefined {
  if (match === undefined) return [0, 0];
  if (match.type === 'exact') return match.value === path ? [Number.MAX_SAFE_INTEGER, 0] : undefined;
  if (match.type === 'regex') return toRegex(match.value)?.test(path) ? [0, 1] : undefined;
  const prefix = match.value.replace(/\/+$/, '');
  return path === prefix || path.startsWith(`${prefix}/`) ? [prefix.length, 0] : undefined;
}

function listUnmet({ methods = [], headers = [], queryParams = [] }: Route, request: RouteRequest): readonly string[] {
  const unmet: string[] = [];
  if (methods.length > 0 && !methods.some((method) => method.toUpperCase() === request.method.toUpperCase())) {
    unmet.push(`method is ${methods.join(' or ')}`);
  }
  for (const header of headers) {
    const value = own(request.headers, header.name.toLowerCase());
    if (!covers(header, value === undefined ? [] : [value])) unmet.push(`header ${describe(header)}`);
  }
  for (const param of queryParams) {
    if (!covers(param, own(request.queryParams, param.name) ?? [])) unmet.push(`query parameter ${describe(param)}`);
  }
  return unmet;
}

function covers({ value, type }: ValueMatch, actual: readonly string[]): boolean {
  if (type !== 'regex') return actual.includes(value);
  const regex = toRegex(value);
  return actual.some((text) => regex?.test(text) === true);
}

function describe({ name, value, type }: ValueMatch): string {
  return `${name} ${type === 'regex' ? 'matches' : 'is'} ${JSON.stringify(value)}`;
}

/** Leading flags such as `(?i)` are PCRE's, which the proxies speak. `undefined` for what Node does not understand. */
function toRegex(text: string): RegExp | undefined {
  const [flags = ''] = /^\(\?[ims]+\)/.exec(text) ?? [];
  try {
    return new RegExp(text.slice(flags.length), flags.replace(/[^ims]/g, ''));
  } catch {
    return undefined;
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
