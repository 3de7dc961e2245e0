import { createHistogram, performance } from 'node:perf_hooks';
import type { Latencies, LoadReport, TaskShare } from './load-report.ts';
import { isSuccess, type LoadTarget, type RequestRecord } from './request-record.ts';

/** What goes wrong a thousand times needs no thousand and first example. */
const keptFailures = 1_000;

/** Adds up records in bounded memory. */
export class LoadLog<Target extends LoadTarget> {
  readonly #startedAtMs = performance.now();
  /** In microseconds. */
  readonly #latencies = createHistogram();
  readonly #failures: RequestRecord<Target>[] = [];
  readonly #tasks = new Map<string, TaskShare>();
  #answered = 0;
  #failed = 0;
  #skipped = 0;

  skip(count: number): void {
    this.#skipped += count;
  }

  add(record: RequestRecord<Target>): void {
    if (!isSuccess(record)) {
      this.#failed += 1;
      if (this.#failures.length < keptFailures) this.#failures.push(record);
      return;
    }
    const { task, startedAtMs, endedAtMs } = record;
    this.#answered += 1;
    this.#latencies.record(Math.max(1, Math.round((endedAtMs - startedAtMs) * 1_000)));
    if (task === undefined) return;
    const before = this.#tasks.get(task);
    this.#tasks.set(task, {
      answers: (before?.answers ?? 0) + 1,
      firstAtMs: before?.firstAtMs ?? endedAtMs,
      lastAtMs: endedAtMs,
      lastSentAtMs: Math.max(before?.lastSentAtMs ?? 0, startedAtMs),
    });
  }

  report(): LoadReport<Target> {
    return {
      startedAtMs: this.#startedAtMs,
      durationMs: performance.now() - this.#startedAtMs,
      requests: this.#answered + this.#failed,
      answered: this.#answered,
      failed: this.#failed,
      skipped: this.#skipped,
      failures: [...this.#failures],
      tasks: new Map(this.#tasks),
      latencyMs: this.#percentiles(),
    };
  }

  #percentiles(): Latencies {
    const at = (percent: number): number => (this.#answered === 0 ? 0 : this.#latencies.percentile(percent) / 1_000);
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }
}
