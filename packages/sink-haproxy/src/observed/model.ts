import type { ObservedMapName } from '../desired/model.ts';

/** What identifies a state of the process: as long as these are as we left them, so is the rest. */
export interface ProcessMark {
  readonly pid: number;
  /** The hash of the structure that runs, as our configuration states it. */
  readonly description: string | undefined;
  /** The revision that the last transaction left in the meta map; undefined when the process has no such map. */
  readonly revision: string | undefined;
}

/** What one process of HAProxy runs now. */
export interface Observed {
  readonly mark: ProcessMark;
  /** When everything was read; parts may have been read again since. On the clock of `performance.now`. */
  readonly readAtMs: number;
  readonly version: string;
  readonly backends: ReadonlySet<string>;
  /** Whether it can be told of further ones. */
  readonly addsBackends: boolean;
  /** Servers by backend, then by name. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ObservedServer>>;
  /** A map that the process does not have is absent. */
  readonly maps: ReadonlyMap<ObservedMapName, ReadonlyMap<string, string>>;
}

export interface ObservedServer {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly state: 'ready' | 'drain' | 'maintenance';
  /** Whether its health checks run. */
  readonly checking: boolean;
}

export function isSameMark(left: ProcessMark, right: ProcessMark): boolean {
  return left.pid === right.pid && left.description === right.description && left.revision === right.revision;
}
