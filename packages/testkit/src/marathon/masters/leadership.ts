import { setTimeout as wait } from 'node:timers/promises';

/** Which node leads. */
export interface Leadership {
  /** -1 while there is no leader. */
  readonly index: number;
  /** Resolves when the next node leads; a change that is under way is waited for, and no second one made. */
  change(): Promise<void>;
  /** Resolves when no change is under way. */
  settled(): Promise<void>;
  close(): void;
}

export interface LeadershipOptions {
  readonly masters: number;
  readonly electionMs: number;
  /** The old leader is gone, and there is none. */
  readonly onLost: () => void;
  /** The new leader is in office. */
  readonly onElected: () => void;
}

export function createLeadership(options: LeadershipOptions): Leadership {
  const closing = new AbortController();
  let index = 0;
  let change: Promise<void> | undefined;

  const elect = async () => {
    const next = (index + 1) % options.masters;
    index = -1;
    options.onLost();
    await wait(options.electionMs, undefined, { signal: closing.signal }).catch(() => {});
    index = next;
    change = undefined;
    if (!closing.signal.aborted) options.onElected();
  };
  return {
    get index() {
      return index;
    },
    change() {
      change ??= elect();
      return change;
    },
    settled: async () => change,
    close: () => closing.abort(),
  };
}
