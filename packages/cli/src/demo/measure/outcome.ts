import type { SourceHealth } from '@signalbox/core';
import type { DelayStatistics } from './task-times.ts';

export interface RequestTotals {
  readonly sent: number;
  readonly answered: number;
  /** In flight on a task that died without notice. */
  readonly cutOff: number;
  readonly failed: number;
}

/** What happened in a stretch of time: one act, or the whole run. */
export interface Outcome {
  readonly durationMs: number;
  readonly requests: RequestTotals;
  /** Some of the ways in which requests failed, each once. */
  readonly failures: readonly string[];
  /** Applied plans that reloaded HAProxy. */
  readonly reloads: number;
  /** Applied plans that did not. */
  readonly runtimeApplies: number;
  /** Endpoints that left the catalog while Marathon could not be asked. */
  readonly lostWhileStale: number;
  readonly sourceHealths: ReadonlySet<SourceHealth>;
  /** From Marathon's "running", or from when Marathon could be asked about it, to the first answer. */
  readonly arrivals: DelayStatistics | undefined;
  /** From Marathon's "asked to end" to the last answer. */
  readonly departures: DelayStatistics | undefined;
  /** Tasks that run and never answered. */
  readonly unheard: readonly string[];
  /** What did not happen in time. */
  readonly overdue: readonly string[];
}
