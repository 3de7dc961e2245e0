import type { Warning } from '@signalbox/core';

/** What HAProxy shall be, in HAProxy's terms. */
export interface Desired {
  readonly backends: ReadonlyMap<string, Backend>;
  readonly ports: ServicePorts;
  /** How many labels the wildcard host names in use have behind `*.`, most first. */
  readonly wildcardLabels: readonly number[];
  readonly maps: Maps;
  readonly warnings: readonly Warning[];
  /** Rises whenever something changed that needs a reload. */
  readonly structureVersion: number;
}

/** A backend with what decides its text; the servers may change without a reload, the rest may not. */
export interface Backend {
  readonly name: string;
  readonly serviceId: string;
  readonly mode: Mode;
  /** Lines of the section, without its servers. */
  readonly lines: readonly string[];
  /** Follows the address on every server line and in every `add server`. */
  readonly serverSettings: string;
  /** Whether the servers are checked. */
  readonly checked: boolean;
  /** Those that take traffic, by name. */
  readonly servers: ReadonlyMap<string, Server>;
  /** Names of servers that finish their connections: they are never added, only drained where they exist. */
  readonly draining: ReadonlySet<string>;
}

export type Mode = 'http' | 'tcp';

export interface Server {
  readonly name: string;
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  /** The source says that it is healthy, so that it may take traffic before HAProxy's own check has passed. */
  readonly vouched: boolean;
}

/** Ascending, by the mode of the service that has them. */
export type ServicePorts = Readonly<Record<Mode, readonly number[]>>;

/** `exact` and `prefix` lead host and path to a backend, `port` a service port. */
export const mapNames = ['exact', 'prefix', 'port'] as const;
export type MapName = (typeof mapNames)[number];
export type Maps = Readonly<Record<MapName, ReadonlyMap<string, string>>>;
