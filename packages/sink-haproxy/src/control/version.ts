export interface HaproxyVersion {
  readonly major: number;
  readonly minor: number;
}

/** What the running process can do (reference: HAProxy's management.txt of each version, and measurements on 2.6, 3.0, 3.2 and 3.4). */
export interface Capabilities {
  /** `del server` after a quarantine does not endanger the process (>= 3.0; 2.6 crashes with queued or failing connections). */
  readonly deleteServer: boolean;
  /** `add backend`, `publish backend`, `del backend` (>= 3.4). */
  readonly dynamicBackends: boolean;
  /** The `cookie` keyword of `add server` (>= 3.0). */
  readonly cookieOnAddServer: boolean;
  /** The `init-state` keyword (>= 3.1). */
  readonly initState: boolean;
  /** `wait <delay> srv-removable` (>= 3.0). */
  readonly wait: boolean;
  /** The master answers `reload` with `Success=` (>= 3.0). */
  readonly synchronousReload: boolean;
  /** `del map` removes every entry of a key (< 3.4). */
  readonly deleteMapRemovesAll: boolean;
}

/** @throws {SinkError} SINK_REFUSED when there is no version in the text or it is older than 2.6. */
export declare function parseVersion(text: string): HaproxyVersion;
export declare function capabilitiesOf(version: string): Capabilities;
