import type { LoadTarget, RequestRecord } from './request-record.ts';

/** What the clients of a load saw. Times are those of `performance.now()`, in milliseconds. */
export interface LoadReport<Target extends LoadTarget = LoadTarget> {
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Requests that came to an end: answered and failed. */
  readonly requests: number;
  /** Answered with a status from 200 to 299. */
  readonly answered: number;
  readonly failed: number;
  /**
   * Requests that were due and not sent, because their client still waited for an answer. They are in no latency: a proxy that stalls shows here
   * as much as there.
   */
  readonly skipped: number;
  /** The first 1000 of the failed requests, in the order of their ends. */
  readonly failures: readonly RequestRecord<Target>[];
  /** By task id: who answered with success. */
  readonly tasks: ReadonlyMap<string, TaskShare>;
  /** Of answered requests, from sending to the end of the answer. */
  readonly latencyMs: Latencies;
}

export interface TaskShare {
  readonly answers: number;
  /** End of its first answer. */
  readonly firstAtMs: number;
  /** End of its last answer. */
  readonly lastAtMs: number;
  /** When the last request that it answered was sent. */
  readonly lastSentAtMs: number;
}

/** All 0 when nothing was answered. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
