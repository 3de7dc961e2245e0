import type { PipelineEvent, PipelineStatus } from '@signalbox/core';
import { type Metric, metrics, type Sample } from './metrics.ts';

const phases = ['plan', 'apply'] as const;

/** What happened since the process began, over all pipelines that a reload put in each other's place. */
export class EventCounts {
  readonly #samples = new Map<string, Sample>();

  /** Counts everything of this pipeline from 0 on: for Prometheus the first failure would be no increase otherwise. */
  include({ sources, sinks }: Pick<PipelineStatus, 'sources' | 'sinks'>): void {
    for (const source of Object.keys(sources)) this.#add(metrics.sourceErrors, [source], 0);
    for (const sink of Object.keys(sinks)) {
      this.#add(metrics.sinkApplies, [sink], 0);
      this.#add(metrics.sinkSeconds, [sink], 0);
      for (const phase of phases) this.#add(metrics.sinkErrors, [sink, phase], 0);
    }
  }

  take(event: PipelineEvent): void {
    if (event.type === 'source-error') this.#add(metrics.sourceErrors, [event.source], 1);
    if (event.type === 'sink-error') this.#add(metrics.sinkErrors, [event.sink, event.phase], 1);
    if (event.type !== 'sink-apply') return;
    this.#add(metrics.sinkApplies, [event.sink], 1);
    this.#add(metrics.sinkSeconds, [event.sink], event.durationMs / 1_000);
    for (const { action } of event.changes) this.#add(metrics.sinkChanges, [event.sink, action], 1);
  }

  samples(): readonly Sample[] {
    return [...this.#samples.values()];
  }

  #add(metric: Metric, labels: readonly string[], amount: number): void {
    const key = JSON.stringify([metric.name, labels]);
    this.#samples.set(key, { metric, labels, value: (this.#samples.get(key)?.value ?? 0) + amount });
  }
}
