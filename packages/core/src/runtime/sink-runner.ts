import { PipelineError } from '../errors/pipeline-error.ts';
import { SinkError } from '../errors/sink-error.ts';
import { wrapPluginError } from '../errors/wrap.ts';
import { delay, isAbortError, waitAtMost, withAbort } from '../helpers/abort.ts';
import { childController, createController } from '../helpers/abort-controller.ts';
import { backoffMs } from '../helpers/backoff.ts';
import { consumeWithRestart } from '../helpers/restarting.ts';
import { startTimer } from '../helpers/timer.ts';
import { Wakeup } from '../helpers/wakeup.ts';
import type { Catalog } from '../model/catalog.ts';
import type { PluginContext } from '../plugin/context.ts';
import type { Logger } from '../plugin/logger.ts';
import type { Plan, PlannedChange, Sink, Warning } from '../plugin/sink.ts';
import type { SinkStatistics } from '../plugin/sink-statistics.ts';
import type { Emit } from './event-hub.ts';
import type { RetryOptions, SettleOptions } from './options.ts';
import { settledAt } from './settle.ts';
import type { SinkHealth, SinkStatus } from './status.ts';

export interface SinkRunnerOptions {
  readonly id: string;
  readonly sink: Sink;
  readonly settle: Required<SettleOptions>;
  readonly resyncMs: number;
  readonly gracePeriodMs: number;
  readonly retry: RetryOptions;
  readonly logger: Logger;
  readonly emit: Emit;
}

/** Keeps one sink in step with the newest catalog. Knows nothing of other sinks. */
export class SinkRunner {
  readonly id: string;
  readonly #options: SinkRunnerOptions;
  readonly #wakeup = new Wakeup();
  #catalog: Catalog | undefined;
  /** When to plan next at the latest: a resync, a retry, or what cannot wait. On the clock of `performance.now`, which nobody sets back. */
  #dueAt = Number.POSITIVE_INFINITY;
  /** When the changes seen so far will have settled; every further one moves it. */
  #settledAt = Number.POSITIVE_INFINITY;
  #firstChangeAt: number | undefined;
  #isApplying = false;
  #applied: Catalog | undefined;
  #lastAppliedAt: number | undefined;
  #error: PipelineError | undefined;
  #attempts = 0;
  #warnings: readonly Warning[] = [];

  constructor(options: SinkRunnerOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get status(): SinkStatus {
    return {
      health: this.#health(),
      appliedVersion: this.#applied?.version ?? 0,
      attempts: this.#attempts,
      warnings: this.#warnings,
      ...(this.#lastAppliedAt === undefined ? {} : { lastAppliedAt: this.#lastAppliedAt }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  /** Latest wins: a catalog that was not planned yet is forgotten. */
  offer(catalog: Catalog, urgent: boolean): void {
    const isFirst = this.#catalog === undefined;
    this.#catalog = catalog;
    if (isFirst || urgent) this.#planAt(performance.now());
    else this.#planWhenSettled();
  }

  /** Ends with the signal; a running apply may finish within the grace period. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let watching: Promise<void> | undefined;
    const work = async (context: PluginContext): Promise<void> => {
      watching = this.#watchTarget(context);
      while (!signal.aborted) {
        const waitMs = Math.min(this.#dueAt, this.#settledAt) - performance.now();
        if (waitMs > 0) await this.#wakeup.sleep(waitMs, signal);
        else await this.#synchronise(context);
      }
    };
    // Only the abort ends the work early.
    await this.#withContext(signal, work).catch(() => {});
    await watching;
  }

  /** One plan of one catalog, for a dry run. Rejects with what went wrong, or with the signal's reason. The sink is not disposed. */
  async planOnce(catalog: Catalog, signal: AbortSignal): Promise<Plan> {
    return this.#once(signal, async (context) => {
      const plan = await this.#plan(catalog, context);
      this.#reportPlan(catalog, plan);
      return plan;
    });
  }

  /** Like {@link planOnce}, and the plan is applied, also what has to wait; when aborted, a running apply may finish within the grace period. */
  async applyOnce(catalog: Catalog, signal: AbortSignal): Promise<Plan> {
    return this.#once(signal, async (context) => {
      const changes: PlannedChange[] = [];
      for (;;) {
        const plan = await this.#plan(catalog, context);
        this.#reportPlan(catalog, plan);
        changes.push(...plan.changes);
        if (plan.changes.length > 0) await this.#apply(catalog, plan, context);
        if (plan.deferred === undefined) return { changes, warnings: plan.warnings, apply: plan.apply };
        await delay(plan.deferred.afterMs, context.signal);
      }
    });
  }

  /** What the target counted; `undefined` when the sink keeps no statistics. An apply may be under way. */
  async readStatistics(
    catalog: Catalog,
    { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<SinkStatistics | undefined> {
    const { sink, logger } = this.#options;
    if (sink.statistics === undefined) return undefined;
    const { controller, release } = childController(signal);
    const late = new SinkError(`no statistics within ${timeoutMs} ms`, {
      code: 'SINK_UNREACHABLE',
      hint: 'look at the load of the target, or give it more time',
    });
    const timer = startTimer(() => controller.abort(late), timeoutMs);
    try {
      const context = { id: this.id, signal: controller.signal, logger };
      return await withAbort((async () => sink.statistics?.(catalog, context))(), controller.signal);
    } finally {
      clearTimeout(timer);
      release();
      controller.abort();
    }
  }

  /** Releases what the sink holds; bounded by the grace period. Never rejects. */
  async dispose(): Promise<void> {
    const { sink, gracePeriodMs, logger } = this.#options;
    const dispose = sink[Symbol.asyncDispose];
    if (dispose === undefined) return;
    try {
      await waitAtMost(dispose.call(sink), gracePeriodMs);
    } catch (error) {
      logger.warn({ sink: this.id, error: this.#wrap(error) }, 'disposing a sink');
    }
  }

  #health(): SinkHealth {
    if (this.#catalog === undefined) return 'waiting';
    if (this.#error !== undefined) return 'failing';
    // Not by version: transforms of this sink's own make other catalogs of the same version.
    return this.#applied === this.#catalog ? 'in-sync' : 'pending';
  }

  #planAt(dueAt: number): void {
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    this.#wakeup.wake();
  }

  #planWhenSettled(): void {
    const now = performance.now();
    this.#firstChangeAt ??= now;
    this.#settledAt = settledAt(now, this.#firstChangeAt, this.#options.settle);
    this.#wakeup.wake();
  }

  async #synchronise(context: PluginContext): Promise<void> {
    const catalog = this.#catalog;
    if (catalog === undefined) return;
    this.#dueAt = performance.now() + this.#options.resyncMs;
    this.#settledAt = Number.POSITIVE_INFINITY;
    this.#firstChangeAt = undefined;
    let phase: 'plan' | 'apply' = 'plan';
    try {
      const plan = await this.#plan(catalog, context);
      this.#reportPlan(catalog, plan);
      phase = 'apply';
      if (plan.changes.length > 0) await this.#apply(catalog, plan, context);
      // With something left to do it is not in step yet, and what failed before stays red.
      if (plan.deferred !== undefined) return this.#planAt(performance.now() + plan.deferred.afterMs);
      this.#applied = catalog;
      this.#error = undefined;
      this.#attempts = 0;
    } catch (error) {
      if (context.signal.aborted) return;
      this.#fail(this.#wrap(error), phase);
    }
  }

  async #plan(catalog: Catalog, context: PluginContext): Promise<Plan> {
    const { sink } = this.#options;
    const plan = await withAbort((async () => sink.plan(catalog, context))(), context.signal);
    if (isPlan(plan)) return plan;
    throw new PipelineError('planning gave something that is not a plan', {
      code: 'PLUGIN_CONTRACT',
      hint: 'a plan has the lists changes and warnings, and a function apply',
    });
  }

  #reportPlan({ version }: Catalog, { changes, warnings }: Plan): void {
    this.#warnings = warnings;
    this.#options.emit({ type: 'sink-plan', sink: this.id, catalogVersion: version, changes, warnings });
  }

  async #apply({ version }: Catalog, plan: Plan, { signal }: PluginContext): Promise<void> {
    // Whoever heard of the plan may have aborted.
    signal.throwIfAborted();
    const startedAt = performance.now();
    this.#isApplying = true;
    try {
      await plan.apply();
    } finally {
      this.#isApplying = false;
    }
    this.#lastAppliedAt = Date.now();
    const durationMs = performance.now() - startedAt;
    this.#options.emit({
      type: 'sink-apply',
      sink: this.id,
      catalogVersion: version,
      changes: plan.changes,
      durationMs,
    });
  }

  #fail(error: PipelineError, phase: 'plan' | 'apply'): void {
    this.#error = error;
    // The target moved under the plan: nothing is wrong with it, a new plan is all it takes. Once, without a wait.
    const retryInMs =
      error.code === 'SINK_TARGET_CHANGED' && this.#attempts === 0 ? 0 : backoffMs(this.#attempts, this.#options.retry);
    this.#attempts += 1;
    this.#options.emit({ type: 'sink-error', sink: this.id, error, phase, attempt: this.#attempts, retryInMs });
    this.#planAt(performance.now() + retryInMs);
  }

  async #watchTarget(context: PluginContext): Promise<void> {
    const { sink, emit } = this.#options;
    const { changes } = sink;
    if (changes === undefined) return;
    await consumeWithRestart<unknown>({
      open: (signal) => changes.call(sink, { ...context, signal }),
      onValue: () => {
        if (this.#catalog !== undefined) this.#planWhenSettled();
      },
      onFailure: (cause, attempt, retryInMs) => {
        const error = this.#wrap(cause ?? new Error('the watch of the target ended by itself'));
        emit({ type: 'sink-error', sink: this.id, error, phase: 'watch', attempt, retryInMs });
        return retryInMs;
      },
      backoff: this.#options.retry,
      signal: context.signal,
    });
  }

  async #once(signal: AbortSignal, work: (context: PluginContext) => Promise<Plan>): Promise<Plan> {
    try {
      return await this.#withContext(signal, work);
    } catch (error) {
      throw signal.aborted && isAbortError(error, signal) ? error : this.#wrap(error);
    }
  }

  /**
   * Gives the work a signal of its own: it is aborted with the given one, but an apply that is under way gets the grace period.
   * Rejects with the signal's reason when the work is given up.
   */
  async #withContext<Result>(signal: AbortSignal, work: (context: PluginContext) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const { logger, gracePeriodMs } = this.#options;
    const stop = createController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      if (this.#isApplying) timer = startTimer(() => stop.abort(signal.reason), gracePeriodMs);
      else stop.abort(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await withAbort(work({ id: this.id, signal: stop.signal, logger }), stop.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stop.abort(signal.reason);
    }
  }

  #wrap(error: unknown): PipelineError {
    return wrapPluginError(error, { id: this.id, kind: 'sink' });
  }
}

function isPlan(plan: Partial<Plan> | undefined): plan is Plan {
  return Array.isArray(plan?.changes) && Array.isArray(plan.warnings) && typeof plan.apply === 'function';
}
