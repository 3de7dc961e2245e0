import type { Warning } from '@signalbox/core';
import type { ClientAuthorities } from '@signalbox/sink-kit';

/** What HAProxy shall be, in HAProxy's terms. */
export interface Desired {
  readonly backends: ReadonlyMap<string, Backend>;
  readonly ports: ServicePorts;
  /** How many labels the wildcard host names in use have behind `*.`, most first. */
  readonly wildcardLabels: readonly number[];
  readonly maps: Maps;
  /** In the order in which they are tried. */
  readonly rules: readonly RouteRule[];
  /** Those of the routes in maps and rules, by id. */
  readonly filters: readonly RouteFilter[];
  /** Whether listeners with TLS have a certificate to show to everybody. */
  readonly hasCertificates: boolean;
  /** What certificates of clients are verified against, by name. */
  readonly clientAuthorities: ReadonlyMap<string, ClientAuthorities>;
  /** Whether some TLS is passed through. */
  readonly passthrough: boolean;
  readonly warnings: readonly Warning[];
  /** Rises whenever something changed that needs a reload. */
  readonly structureVersion: number;
}

/** A backend with what decides its text; the servers may change without a reload, the rest may not. */
export interface Backend {
  readonly name: string;
  /** Empty when it serves nobody any more. */
  readonly serviceId: string;
  readonly mode: Mode;
  /** Lines of the section, without its servers. */
  readonly lines: readonly string[];
  /** Follows the address on every server line and in every `add server`. */
  readonly serverSettings: string;
  /** Whether the servers are checked. */
  readonly checked: boolean;
  /** What HTTP checks ask for, as the map says it: `host/path`. Undefined when they ask no map. */
  readonly checkRequest: string | undefined;
  /** Those that take traffic, by name. */
  readonly servers: ReadonlyMap<string, Server>;
  /** Names of servers that finish their connections: they are never added, only drained where they exist. */
  readonly draining: ReadonlySet<string>;
}

/** What the requests of a route go through, besides being led to its backend. */
export interface RouteFilter {
  /** `r_<12 hex digits>`, of everything below. */
  readonly id: string;
  readonly backend: string;
  /** In order. */
  readonly requestRules: readonly FilterRule[];
  readonly responseRules: readonly FilterRule[];
  /** Who may pass its `http_auth`. */
  readonly userlist: Userlist | undefined;
}

/** Names and hashes of passwords: for the file alone, never for people. */
export interface Userlist {
  /** `u_<12 hex digits>`, of the lines. */
  readonly name: string;
  readonly lines: readonly string[];
}

export interface FilterRule {
  /** `http-request` or `http-response` and what follows, without a condition. */
  readonly action: string;
  readonly condition?: string;
}

/** Leads requests that no map can tell apart. */
export interface RouteRule {
  readonly backend: string;
  /** The spots, as keys of the map would be; at least one, all of the same rank. */
  readonly keys: readonly string[];
  readonly rank: number;
  /** Of all its keys. */
  readonly wildcardLabels: number;
  /** Each the text of an `acl` behind its name; all have to hold. */
  readonly conditions: readonly string[];
  /** Id of its filter. */
  readonly filter: string | undefined;
}

export type Mode = 'http' | 'tcp';

export interface Server {
  readonly name: string;
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  /** Takes traffic only while no other one can. */
  readonly backup: boolean;
  /** The source says that it is healthy, so that it may take traffic before HAProxy's own check has passed. */
  readonly vouched: boolean;
}

/** What clients of a service port speak, in the words of the Gateway API; with `https` and `tls` it is TLS that ends here. */
export type PortProtocol = 'http' | 'https' | 'tcp' | 'tls';

export interface ServicePorts extends Readonly<Record<PortProtocol, readonly number[]>> {
  /** Bound from the start, whether a service has them or not: for each protocol. The lists hold ports outside of these, ascending. */
  readonly ranges: readonly PortRange[];
}

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * `route` leads host and path to a target (backend, rank of the route and its filter), `port` a service port to a backend and what
 * clients speak there, `sni` a name in a TLS handshake to a backend. `spare` says which backend is held by which spare, so that whoever looks at the process knows; no file ever has an entry of it. `check`
 * says what the HTTP checks of a backend ask for.
 */
export const mapNames = ['route', 'port', 'sni', 'spare', 'check'] as const;
export type MapName = (typeof mapNames)[number];
/** What is read of a process: also the digests of what it loaded. */
export const observedMapNames = [...mapNames, 'structure'] as const;
export type ObservedMapName = (typeof observedMapNames)[number];
export type Maps = Readonly<Record<MapName, ReadonlyMap<string, string>>>;
