import type { Catalog } from '../model/catalog.ts';
import type { Service } from '../model/service.ts';
import type { SinkLane } from './sink-lane.ts';
import type { SourceRunner } from './source-runner.ts';
import type { TransformStage } from './transform-stage.ts';

/**
 * What passes every point of a pipeline at one moment. The sets are the pipeline's own: a service that a step left alone is the same
 * object on both sides of it, and as long as a set did not change it is the same array.
 */
export interface PipelineTrace {
  readonly sources: Readonly<Record<string, SourceTrace>>;
  /** Behind each transform of the pipeline, in order; `undefined` for one that had no result yet. */
  readonly transforms: readonly TracedSet[];
  /** Behind all transforms of the pipeline. */
  readonly catalog: Catalog | undefined;
  readonly sinks: Readonly<Record<string, SinkTrace>>;
}

export type TracedSet = readonly Service[] | undefined;

export interface SourceTrace {
  /** What the source says now, before guards; `undefined` before its first answer. */
  readonly announced: TracedSet;
  /** What counts: behind the guards, or of an earlier run. */
  readonly inForce: TracedSet;
  /** Behind each transform of the source's own. */
  readonly transforms: readonly TracedSet[];
}

export interface SinkTrace {
  /** Behind each transform of the sink's own. */
  readonly transforms: readonly TracedSet[];
  /** What the sink is asked to bring about. */
  readonly catalog: Catalog | undefined;
}

export interface TracedParts {
  readonly sources: readonly { readonly runner: SourceRunner; readonly stage: TransformStage }[];
  readonly stage: TransformStage;
  readonly catalog: Catalog | undefined;
  readonly sinks: readonly SinkLane[];
}

/** Gathers pointers; copies no service. */
export function takeTrace({ sources, stage, catalog, sinks }: TracedParts): PipelineTrace {
  return {
    sources: Object.fromEntries(
      sources.map(({ runner, stage: own }) => [
        runner.id,
        { announced: runner.announced, inForce: runner.services, transforms: own.results },
      ]),
    ),
    transforms: stage.results,
    catalog,
    sinks: Object.fromEntries(
      sinks.map((lane) => [lane.runner.id, { transforms: lane.stage.results, catalog: lane.catalog }]),
    ),
  };
}
