import type { PipelineEvent } from '@signalbox/core';
import { type Metric, metrics, type Sample } from './metrics.ts';

/** What happened since the process began, over all pipelines that a reload put in each other's place. */
export class EventCounts {
  readonly #samples = new Map<string, Sample>();

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
