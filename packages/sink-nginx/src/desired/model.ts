import type { Warning } from '@signalbox/core';
import type { Certificate, CheckedHeaderEdits, CheckedRewrite, RouteCondition } from '@signalbox/sink-kit';

/** What nginx shall be, in the terms of both modes. */
export interface Desired {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Routes by host: a name, `*.` and a suffix, or `*` for any. */
  readonly hosts: ReadonlyMap<string, HostRoutes>;
  /** Name of the upstream by service port, ascending. */
  readonly ports: Readonly<Record<Protocol, ReadonlyMap<number, string>>>;
  readonly certificates: ShownCertificates;
  /**
   * Names of upstreams that end TLS themselves, by what clients ask for in the handshake: a name, `*.` and a suffix, or `*`. Undefined where TLS
   * ends here all the same.
   */
  readonly passthrough: ReadonlyMap<string, string | undefined>;
  readonly warnings: readonly Warning[];
  /** Rises with every change of routes, ports or settings of an upstream; endpoints may change without. */
  readonly structureVersion: number;
}

/** The certificates of listeners with TLS. A new object when one came, went or changed. */
export interface ShownCertificates {
  /** In order. */
  readonly byName: ReadonlyMap<string, Certificate>;
  /** By what clients ask for: a host name, `*.` and a suffix for one label more, `*` for those that name no host or one that nobody knows. */
  readonly byHost: ReadonlyMap<string, readonly Certificate[]>;
}

export type Protocol = 'http' | 'tcp' | 'udp';

export interface Upstream {
  readonly name: string;
  readonly serviceId: string;
  readonly protocol: Protocol;
  readonly policy: UpstreamPolicy;
  /** By name, so that the order of the source changes no byte. */
  readonly servers: readonly Server[];
}

export interface UpstreamPolicy {
  readonly balance: 'roundrobin' | 'leastconn' | 'random' | 'source' | 'uri';
  /** Name of the cookie. */
  readonly cookie: string | undefined;
  /** For each endpoint. */
  readonly maxConnections: number | undefined;
  readonly retries: number;
  readonly connectMs: number;
  readonly sendMs: number;
  readonly readMs: number;
  /** How to speak TLS to the endpoints. */
  readonly tls: { readonly verified: boolean; readonly serverName: string | undefined } | undefined;
  /** Stream only. */
  readonly proxyProtocol: boolean;
}

export interface Server {
  readonly name: string;
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly backup: boolean;
  /** Takes only clients that are bound to it by a cookie. */
  readonly draining: boolean;
}

/** In each spot the rules are in the order in which they are tried. */
export interface HostRoutes {
  readonly exact: ReadonlyMap<string, readonly Rule[]>;
  /** Keys end in `/`, and cover the same path without it. */
  readonly prefix: ReadonlyMap<string, readonly Rule[]>;
}

export interface Rule {
  /** Name of an upstream. */
  readonly upstream: string;
  readonly conditions: readonly Condition[];
  readonly actions: RouteActions | undefined;
}

export type Condition =
  | RouteCondition
  /** The client came over TLS that ended here. */
  | { readonly on: 'tls' };

/** What the requests of a route go through, in this order. */
export interface RouteActions {
  /** A route with users that cannot be granted lets nobody in. */
  readonly deny?: true;
  readonly auth?: { readonly realm: string; readonly users: Readonly<Record<string, string>> };
  readonly redirect?: RedirectAction;
  readonly requestHeaders?: CheckedHeaderEdits;
  readonly rewrite?: CheckedRewrite;
  readonly responseHeaders?: CheckedHeaderEdits;
}

export interface RedirectAction {
  readonly status: number;
  readonly scheme: 'http' | 'https' | undefined;
  readonly hostname: string | undefined;
  readonly port: number | undefined;
  readonly keepsPort: boolean;
  readonly path: string | undefined;
  /** Whether it names a host, not only a path. */
  readonly origin: boolean;
  /** Nothing else changes, so that requests which have the scheme pass. */
  readonly onlyScheme: boolean;
}
