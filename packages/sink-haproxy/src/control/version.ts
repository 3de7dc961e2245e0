import { SinkError } from '@signalbox/core';

export interface HaproxyVersion {
  readonly major: number;
  readonly minor: number;
}

/** What the running process can do: management.txt of each version, and measurements on 2.6, 3.0, 3.2 and 3.4. */
export interface Capabilities {
  /** `del server` after a quarantine does not endanger the process (3.0; before, it crashes with queued or failing connections). */
  readonly deleteServer: boolean;
  /** `add backend`, `publish backend`, `del backend` (3.4). */
  readonly dynamicBackends: boolean;
  /** The `cookie` keyword of `add server` (3.0). */
  readonly cookieOnAddServer: boolean;
  /** The `init-state` keyword (3.1). */
  readonly initState: boolean;
  /** `wait <delay> srv-removable` (3.0). */
  readonly wait: boolean;
  /** The master answers `reload` with `Success=` (3.0). */
  readonly synchronousReload: boolean;
  /** `del map` removes every entry of a key (until 3.4, where it removes one). */
  readonly deleteMapRemovesAll: boolean;
}

/** Accepts `2.6.12-1+deb12u4` as well as `HAProxy version 3.0.11 …`. @throws {SinkError} SINK_REFUSED: no version, or older than 2.6. */
export function parseVersion(text: string): HaproxyVersion {
  const match = /(?:^|\s|v)(\d+)\.(\d+)/.exec(text);
  const version = { major: Number(match?.[1]), minor: Number(match?.[2]) };
  if (match !== null && isAtLeast(version, 2, 6)) return version;
  throw new SinkError(`using HAProxy "${text.slice(0, 100)}": it is not a version that is supported`, {
    code: 'SINK_REFUSED',
    hint: 'Install HAProxy 2.6 or later',
  });
}

/** From `version` of `show info` or of `show proc`, so of the process that runs, not of the program on the disk. */
export function capabilitiesOf(version: string): Capabilities {
  const parsed = parseVersion(version);
  const since = (major: number, minor: number): boolean => isAtLeast(parsed, major, minor);
  return {
    deleteServer: since(3, 0),
    dynamicBackends: since(3, 4),
    cookieOnAddServer: since(3, 0),
    initState: since(3, 1),
    wait: since(3, 0),
    synchronousReload: since(3, 0),
    deleteMapRemovesAll: !since(3, 4),
  };
}

function isAtLeast(version: HaproxyVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
