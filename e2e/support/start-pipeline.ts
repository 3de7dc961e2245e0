import { createPipeline, type Pipeline, type PipelineEvent, type PipelineOptions } from '@signalbox/core';

/** A pipeline that runs in this process. Disposing ends it and waits for that. */
export interface RunningPipeline extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly events: readonly PipelineEvent[];
  /** How often a sink had its proxy read new files. */
  readonly reloads: number;
}

/** Starts a pipeline that settles and retries quickly. */
export function startPipeline(options: PipelineOptions): RunningPipeline {
  const pipeline = createPipeline({
    settle: { minMs: 20, maxMs: 200 },
    retry: { initialMs: 100, maxMs: 1_000 },
    ...options,
  });
  const events: PipelineEvent[] = [];
  pipeline.subscribe((event) => events.push(event));
  const controller = new AbortController();
  const running = pipeline.run(controller.signal);
  running.catch(() => {});
  return {
    pipeline,
    events,
    get reloads() {
      const applied = events.flatMap((event) => (event.type === 'sink-apply' ? event.changes : []));
      return applied.filter(({ action }) => action === 'reload').length;
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      await running.catch(() => {});
    },
  };
}

/** What happened last, for the message of a wait that was in vain. */
export function describeEvents(events: readonly PipelineEvent[]): string {
  return events
    .slice(-8)
    .map((event) => ('error' in event && event.error ? `${event.type} (${event.error.message})` : event.type))
    .join(', ');
}
