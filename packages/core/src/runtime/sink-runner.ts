import type { PipelineError } from '../errors/pipeline-error.ts';
import { wrapPluginError } from '../errors/wrap.ts';
import { delay, isAbortError, withAbort } from '../helpers/abort.ts';
import { backoffMs } from '../helpers/backoff.ts';
import { consumeWithRestart } from '../helpers/restarting.ts';
import { Wakeup } from '../helpers/wakeup.ts';
import type { Catalog } from '../model/catalog.ts';
import type { PluginContext } from '../plugin/context.ts';
import type { Logger } from '../plugin/logger.ts';
import type { Plan, Sink, Warning } from '../plugin/sink.ts';
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
  /** When to plan next, in milliseconds since the epoch. */
  #dueAt = Number.POSITIVE_INFINITY;
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
    const now = Date.now();
    this.#catalog = catalog;
    this.#firstChangeAt ??= now;
    const dueAt = isFirst || urgent ? now : settledAt(now, this.#firstChangeAt, this.#options.settle);
    this.#planAt(dueAt);
  }

  /** Ends with the signal; a running apply may finish within the grace period. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let watching: Promise<void> | undefined;
    await this.#withContext(signal, async (context) => {
      watching = this.#watchTarget(context);
      while (!signal.aborted) {
        const waitMs = this.#dueAt - Date.now();
        if (waitMs > 0) {
          await this.#wakeup.sleep(waitMs, signal);
          continue;
        }
        await this.#synchronise(context);
      }
    });
    await watching;
  }

  /** One plan of one catalog, for a dry run or a single pass. The context ends with the signal; the sink is not disposed. */
  async planOnce(catalog: Catalog, signal: AbortSignal): Promise<Plan> {
    try {
      const context = { id: this.id, signal, logger: this.#options.logger };
      return await withAbort(this.#options.sink.plan(catalog, context), signal);
    } catch (error) {
      throw isAbortError(error, signal) ? error : this.#wrap(error);
    }
  }

  async applyOnce(catalog: Catalog, plan: Plan): Promise<void> {
    try {
      await this.#apply(catalog, plan);
    } catch (error) {
      throw this.#wrap(error);
    }
  }

  /** Releases what the sink holds; bounded by the grace period. Never rejects. */
  async dispose(): Promise<void> {
    const { sink, gracePeriodMs, logger } = this.#options;
    const dispose = sink[Symbol.asyncDispose];
    if (dispose === undefined) return;
    const limit = new AbortController();
    try {
      await Promise.race([dispose.call(sink), delay(gracePeriodMs, limit.signal)]);
    } catch (error) {
      logger.warn({ sink: this.id, error: this.#wrap(error) }, 'disposing a sink');
    } finally {
      limit.abort();
    }
  }

  #health(): SinkHealth {
    if (this.#catalog === undefined) return 'waiting';
    if (this.#error !== undefined) return 'failing';
    return this.#applied?.version === this.#catalog.version ? 'in-sync' : 'pending';
  }

  #planAt(dueAt: number): void {
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    this.#wakeup.wake();
  }

  async #synchronise(context: PluginContext): Promise<void> {
    const catalog = this.#catalog;
    if (catalog === undefined) return;
    this.#dueAt = Date.now() + this.#options.resyncMs;
    this.#firstChangeAt = undefined;
    let phase: 'plan' | 'apply' = 'plan';
    try {
      const plan = await withAbort(this.#options.sink.plan(catalog, context), context.signal);
      this.#reportPlan(catalog, plan);
      phase = 'apply';
      if (plan.changes.length > 0) await this.#apply(catalog, plan);
      this.#applied = catalog;
      this.#error = undefined;
      this.#attempts = 0;
    } catch (error) {
      if (context.signal.aborted) return;
      this.#fail(this.#wrap(error), phase);
    }
  }

  #reportPlan({ version }: Catalog, { changes, warnings }: Plan): void {
    this.#warnings = warnings;
    this.#options.emit({ type: 'sink-plan', sink: this.id, catalogVersion: version, changes, warnings });
  }

  async #apply({ version }: Catalog, plan: Plan): Promise<void> {
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
    this.#planAt(Date.now() + retryInMs);
  }

  async #watchTarget(context: PluginContext): Promise<void> {
    const { sink, emit } = this.#options;
    const { changes } = sink;
    if (changes === undefined) return;
    await consumeWithRestart<unknown>({
      open: () => changes.call(sink, context),
      onValue: () => this.#planAt(Date.now()),
      onFailure: (cause, attempt, retryInMs) => {
        const error = this.#wrap(cause ?? new Error('the watch of the target ended by itself'));
        emit({ type: 'sink-error', sink: this.id, error, phase: 'watch', attempt, retryInMs });
        return retryInMs;
      },
      backoff: this.#options.retry,
      signal: context.signal,
    });
  }

  /** The sink's own signal: it is aborted with the given one, but an apply that is under way gets the grace period. */
  async #withContext(signal: AbortSignal, work: (context: PluginContext) => Promise<void>): Promise<void> {
    const { logger, gracePeriodMs } = this.#options;
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      if (this.#isApplying) timer = setTimeout(() => stop.abort(signal.reason), gracePeriodMs);
      else stop.abort(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([work({ id: this.id, signal: stop.signal, logger }), aborted(stop.signal)]);
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
