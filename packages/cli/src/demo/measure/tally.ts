import type { SourceHealth } from '@signalbox/core';
import type { Verdict } from '../load/judge.ts';
import type { RequestTotals } from './outcome.ts';

/** Different ones. */
const shownFailures = 5;

/** Counts of one stretch of time. */
export class Tally {
  readonly startedAtMs: number;
  readonly #requests: Record<keyof RequestTotals, number> = { sent: 0, answered: 0, cutOff: 0, failed: 0 };
  readonly #failures = new Set<string>();
  readonly overdue: string[] = [];
  readonly sourceHealths = new Set<SourceHealth>();
  reloads = 0;
  runtimeApplies = 0;
  lostWhileStale = 0;

  constructor(startedAtMs: number) {
    this.startedAtMs = startedAtMs;
  }

  get requests(): RequestTotals {
    return { ...this.#requests };
  }

  get failures(): readonly string[] {
    return [...this.#failures];
  }

  count(verdict: Verdict, describe: () => string): void {
    this.#requests.sent += 1;
    this.#requests[verdict === 'cut-off' ? 'cutOff' : verdict] += 1;
    if (verdict === 'failed' && this.#failures.size < shownFailures) this.#failures.add(describe());
  }
}
