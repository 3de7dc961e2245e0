import type { PipelineError } from '../errors/pipeline-error.ts';
import type { Catalog } from '../model/catalog.ts';
import type { Plan } from '../plugin/sink.ts';
import type { SinkStatistics } from '../plugin/sink-statistics.ts';
import type { PipelineEvent } from './events.ts';
import type { Inspection, InspectOptions } from './inspection.ts';
import type { PipelineStatus, TransformExplanation } from './status.ts';
import type { PipelineTrace } from './trace.ts';

/** Sources, transforms and sinks at work. A pipeline runs once: after `run`, `once`, `plan` or `collect` has ended, make another. */
export interface Pipeline {
  /**
   * Keeps every sink in step until the signal is aborted; then ends sources, lets a running apply finish, disposes sinks.
   * @throws {PipelineError} when a source that never answered fails for good.
   */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Waits for all sources, plans and applies each sink once. Throws what went wrong, after every sink was tried (of several sinks as one error, whose cause is
   * an `AggregateError`); the first failure of a required source is final. When aborted, a running apply may finish.
   */
  once(signal: AbortSignal): Promise<readonly SinkPlan[]>;
  /** Waits for all sources and plans each sink. Touches nothing; the plans are for reading, their sinks are disposed. */
  plan(signal: AbortSignal): Promise<readonly SinkPlan[]>;
  /**
   * Waits for all sources and resolves to the catalog behind all pipeline transforms; with the id of a sink, behind those of that sink too.
   * The sinks themselves are not asked.
   */
  collect(signal: AbortSignal, sinkId?: string): Promise<Catalog>;
  /**
   * What the target of every sink counted. A pipeline that runs answers at once, by its newest catalog; any other one waits for its sources
   * first, as `collect` does, but takes the set of an earlier run for a source that does not answer. One sink that fails holds up no other.
   */
  statistics(signal: AbortSignal, options?: StatisticsOptions): Promise<readonly SinkReading[]>;
  /**
   * Runs sources and transforms for as long as `work` goes on. No sink is asked unless `work` asks it, nothing is applied, and no state
   * is saved. Resolves to what `work` resolves to; when it is aborted or a source fails for good, `work` is to end by the inspection's signal.
   */
  inspect<Result>(
    signal: AbortSignal,
    work: (inspection: Inspection) => Promise<Result>,
    options?: InspectOptions,
  ): Promise<Result>;
  /** The newest catalog behind the transforms of the pipeline; `undefined` until every required source has answered. */
  readonly catalog: Catalog | undefined;
  readonly status: PipelineStatus;
  /**
   * What the transforms did to a service, in the order in which it passes them: those of its source, of the pipeline, of each sink.
   * Only transforms that have something to say; also after the pipeline has ended, about the services that passed last.
   */
  explain(serviceId: string): readonly TransformExplanation[];
  /** What passes every point now. Asking for it costs a few pointers. */
  readonly trace: PipelineTrace;
  /** Calls back for every event, in order. Returns the way to stop it. A listener that throws is ignored. */
  subscribe(listener: (event: PipelineEvent) => void): () => void;
  /** Ends the guard holds of a source (or of one service of it) in the next microtask: the operator confirms the loss. */
  confirm(sourceId: string, serviceId?: string): void;
}

export interface StatisticsOptions {
  /** Only this sink. Default: all. */
  readonly sink?: string;
  /** How long each sink may take. Default 10000. */
  readonly timeoutMs?: number;
}

/** What one sink told: neither statistics nor an error when it keeps none. */
export interface SinkReading {
  readonly sink: string;
  readonly statistics?: SinkStatistics;
  readonly error?: PipelineError;
}

export interface SinkPlan {
  readonly sink: string;
  readonly plan: Plan;
}
