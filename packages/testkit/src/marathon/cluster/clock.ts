import type { Scheduler } from './scheduler.ts';

/** The cluster's clock. All times are ISO 8601 in UTC with milliseconds, as Marathon writes them. */
export interface Clock {
  nowMs(): number;
  timestamp(): string;
  /** A time that was never given before: versions of apps are told apart by it. */
  nextVersion(): string;
}

export function createClock(scheduler: Scheduler, startMs: number): Clock {
  let lastVersionMs = 0;
  const nowMs = () => Math.floor(startMs + scheduler.nowMs);
  return {
    nowMs,
    timestamp: () => new Date(nowMs()).toISOString(),
    nextVersion() {
      lastVersionMs = Math.max(lastVersionMs + 1, nowMs());
      return new Date(lastVersionMs).toISOString();
    },
  };
}
