import type { PipelineEvent } from '../events.ts';
import type { LastKnownGood, LastKnownGoodStore, PipelineOptions } from '../options.ts';
import { createPipeline } from '../pipeline.ts';
import type { Pipeline } from '../pipeline-interface.ts';

const quick = { settle: { minMs: 1, maxMs: 5 }, retry: { initialMs: 5, maxMs: 20 } };

const started: { controller: AbortController; ended: Promise<void> }[] = [];

/** For `afterEach`: ends every pipeline that a test has started. */
export async function stopPipelines(): Promise<void> {
  for (const { controller, ended } of started.splice(0)) {
    controller.abort();
    await ended.catch(() => {});
  }
}

export interface RunningPipeline {
  readonly pipeline: Pipeline;
  readonly events: PipelineEvent[];
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Runs a pipeline with short waits. `listener` hears every event in the moment that it happens. */
export function startPipeline(
  options: PipelineOptions,
  listener?: (event: PipelineEvent, pipeline: Pipeline) => void,
): RunningPipeline {
  const pipeline = createPipeline({ ...quick, ...options });
  const events: PipelineEvent[] = [];
  pipeline.subscribe((event) => {
    events.push(event);
    listener?.(event, pipeline);
  });
  const controller = new AbortController();
  const ended = pipeline.run(controller.signal);
  ended.catch(() => {});
  started.push({ controller, ended });
  const stop = (): Promise<void> => {
    controller.abort();
    return ended;
  };
  return { pipeline, events, ended, stop };
}

/** A store in memory, with everything saved to it. */
export function memoryStore(
  initial: Record<string, LastKnownGood> = {},
): LastKnownGoodStore & { readonly saved: Record<string, LastKnownGood> } {
  const saved = { ...initial };
  return {
    saved,
    load: async (id) => saved[id],
    save: async (id, state) => {
      saved[id] = state;
    },
  };
}
