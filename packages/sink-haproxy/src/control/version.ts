import { SinkError } from '@signalbox/core';

export interface HaproxyVersion {
  readonly major: number;
  readonly minor: number;
}

/** What the running process can do, as far as only its version tells: management.txt, and measurements on 2.6, 3.0, 3.2 and 3.4. */
export interface Capabilities {
  /** `del server` after a quarantine does not endanger the process (3.0; before, it crashes with queued or failing connections). */
  readonly deleteServer: boolean;
}

/** Accepts `2.6.12-1+deb12u4` as well as `HAProxy version 3.0.11 …`. @throws {SinkError} SINK_REFUSED: no version, or older than 2.6. */
export function parseVersion(text: string): HaproxyVersion {
  const match = /(?:^|\s|v)(\d+)\.(\d+)/.exec(text);
  const version = { major: Number(match?.[1]), minor: Number(match?.[2]) };
  if (match !== null && isAtLeast(version, 2, 6)) return version;
  throw new SinkError(
    `using HAProxy "${text.split('\n', 1)[0]?.slice(0, 100)}": it is not a version that is supported`,
    {
      code: 'SINK_REFUSED',
      hint: 'install HAProxy 2.6 or later',
    },
  );
}

/** From `version` of `show info` or of `show proc`, so of the process that runs, not of the program on the disk. */
export function capabilitiesOf(version: string): Capabilities {
  const parsed = parseVersion(version);
  return { deleteServer: isAtLeast(parsed, 3, 0) };
}

function isAtLeast(version: HaproxyVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
