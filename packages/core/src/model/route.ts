/**
 * What traffic a service takes from the shared listeners, with the semantics of the Gateway API's HTTPRoute:
 * conditions within one route are ANDed, several routes are ORed, the most specific wins (exact host before wildcard host,
 * exact path before the longest prefix, then more headers, then explicit `priority`, then service id).
 */
export interface Route {
  /** Lower-case host names; `*.example.com` covers any number of labels in front. Absent or empty: any host. */
  readonly hostnames?: readonly string[];
  /** Absent: any path. A `prefix` ends at a path boundary: `/api` covers `/api` and `/api/x`, never `/apix`. */
  readonly path?: PathMatch;
  readonly headers?: readonly ValueMatch[];
  readonly queryParams?: readonly ValueMatch[];
  readonly methods?: readonly string[];
  /** Higher wins between routes that are equally specific. Default 0. */
  readonly priority?: number;
  readonly redirect?: Redirect;
  readonly rewrite?: Rewrite;
  readonly requestHeaders?: HeaderEdits;
  readonly responseHeaders?: HeaderEdits;
  readonly auth?: BasicAuth;
  readonly tls?: RouteTls;
}

export interface PathMatch {
  readonly type: 'exact' | 'prefix' | 'regex';
  readonly value: string;
}

export interface ValueMatch {
  readonly name: string;
  readonly value: string;
  /** Default `exact`. */
  readonly type?: 'exact' | 'regex';
}

export interface Redirect {
  readonly scheme?: 'http' | 'https';
  readonly hostname?: string;
  readonly port?: number;
  readonly path?: string;
  /** Default 302. */
  readonly status?: 301 | 302 | 303 | 307 | 308;
}

export interface Rewrite {
  readonly hostname?: string;
  /** Replaces the matched prefix. */
  readonly pathPrefix?: string;
  /** Replaces the whole path. */
  readonly path?: string;
}

export interface HeaderEdits {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface BasicAuth {
  readonly realm?: string;
  /** `user:crypt-hash`, one per user. */
  readonly users: readonly string[];
}

export interface RouteTls {
  readonly mode: 'terminate' | 'passthrough';
  readonly certificate?: string;
}
