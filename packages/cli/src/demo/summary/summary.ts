import type { Outcome, RequestTotals } from '../measure/outcome.ts';
import type { DelayStatistics } from '../measure/task-times.ts';
import { type ActResult, isKept, type KeptPromise } from '../script/act.ts';

/** What was counted and measured over a time. */
export interface SummaryNumbers {
  readonly durationMs: number;
  readonly requests: RequestTotals;
  readonly reloads: number;
  readonly runtimeApplies: number;
  /** From Marathon's "running" to the first answer, checks included; null when no task started. */
  readonly eventToFirstAnswer: DelayStatistics | null;
  /** From Marathon's "asked to end" to the last answer; null when no task was asked. */
  readonly eventToLastAnswer: DelayStatistics | null;
}

/** How the demo went; printed as it is with `--json`. */
export interface Summary extends SummaryNumbers {
  /** Whether every promise of every act was kept. */
  readonly kept: boolean;
  readonly proxy: string;
  readonly seed: number;
  readonly acts: readonly ActSummary[];
}

export interface ActSummary extends SummaryNumbers {
  readonly title: string;
  readonly kept: boolean;
  readonly promises: readonly KeptPromise[];
  /** Some of the ways in which requests failed, each once. */
  readonly failures: readonly string[];
}

export interface SummaryInput {
  readonly proxy: string;
  readonly seed: number;
  readonly results: readonly ActResult[];
  readonly outcome: Outcome;
}

export function summarize({ proxy, seed, results, outcome }: SummaryInput): Summary {
  const acts = results.map((result) => ({
    title: result.title,
    kept: isKept(result),
    promises: result.promises,
    ...numbersOf(result.outcome),
    failures: result.outcome.failures,
  }));
  // What fails between two acts is nobody's promise, but a failure all the same.
  const inActs = acts.reduce((sum, { requests }) => sum + requests.failed, 0);
  const kept = acts.length > 0 && acts.every((act) => act.kept) && outcome.requests.failed === inActs;
  return { kept, proxy, seed, ...numbersOf(outcome), acts };
}

function numbersOf({ durationMs, requests, reloads, runtimeApplies, arrivals, departures }: Outcome): SummaryNumbers {
  return {
    durationMs: Math.round(durationMs),
    requests,
    reloads,
    runtimeApplies,
    eventToFirstAnswer: arrivals ?? null,
    eventToLastAnswer: departures ?? null,
  };
}
