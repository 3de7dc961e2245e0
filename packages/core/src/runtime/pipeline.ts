import { ConfigError } from '../errors/config-error.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import { childController } from '../helpers/abort-controller.ts';
import { Cell } from '../helpers/cell.ts';
import type { Catalog } from '../model/catalog.ts';
import { silentLogger } from '../plugin/logger.ts';
import type { Sink } from '../plugin/sink.ts';
import type { Source } from '../plugin/source.ts';
import { CatalogBuilder, toSortedMap } from './catalog-builder.ts';
import { EventHub } from './event-hub.ts';
import type { CatalogChanges } from './events.ts';
import type { PipelineOptions, SinkEntry, SourceEntry } from './options.ts';
import type { Pipeline, SinkPlan } from './pipeline-interface.ts';
import { settleDefaults } from './settle.ts';
import { SinkRunner } from './sink-runner.ts';
import { SourceRunner } from './source-runner.ts';
import type { PipelineStatus } from './status.ts';
import { TransformStage } from './transform-stage.ts';

/**
 * Puts a pipeline together. Nothing is opened and nothing runs before one of its methods is called.
 * @throws {ConfigError} `CONFIG_INVALID` when there is no source.
 */
export function createPipeline(options: PipelineOptions): Pipeline {
  if (Object.keys(options.sources).length === 0) {
    throw new ConfigError('a pipeline needs at least one source', { code: 'CONFIG_INVALID' });
  }
  const pipeline = new ComposedPipeline(options);
  return {
    run: (signal) => pipeline.run(signal),
    once: (signal) => pipeline.once(signal),
    plan: (signal) => pipeline.plan(signal),
    collect: (signal, sinkId) => pipeline.collect(signal, sinkId),
    get catalog() {
      return pipeline.catalog;
    },
    get status() {
      return pipeline.status;
    },
    subscribe: (listener) => pipeline.subscribe(listener),
    confirm: (sourceId, serviceId) => pipeline.confirm(sourceId, serviceId),
  };
}

/** How the sources are to be run. */
interface SourceMode {
  readonly singlePass: boolean;
  readonly savesState: boolean;
}

interface SourceLane {
  readonly runner: SourceRunner;
  readonly stage: TransformStage;
}

interface SinkLane {
  readonly runner: SinkRunner;
  readonly stage: TransformStage;
}

class ComposedPipeline implements Pipeline {
  readonly #options: PipelineOptions;
  readonly #hub = new EventHub();
  readonly #builder = new CatalogBuilder();
  readonly #built = new Cell<Catalog>();
  readonly #stage: TransformStage;
  readonly #sinks: readonly SinkLane[];
  #sources: readonly SourceLane[] = [];
  /** What kept the first catalog from being built. */
  #buildError: PipelineError | undefined;
  #hasStarted = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#stage = this.#createStage('pipeline', options.transforms);
    this.#sinks = Object.entries(options.sinks).map(([id, sink]) => this.#createSinkLane(id, toSinkEntry(sink)));
  }

  get catalog(): Catalog | undefined {
    return this.#builder.current;
  }

  get status(): PipelineStatus {
    return {
      catalogVersion: this.#builder.current?.version ?? 0,
      sources: Object.fromEntries(this.#sources.map(({ runner }) => [runner.id, runner.status])),
      sinks: Object.fromEntries(this.#sinks.map(({ runner }) => [runner.id, runner.status])),
    };
  }

  subscribe(listener: Parameters<EventHub['subscribe']>[0]): () => void {
    return this.#hub.subscribe(listener);
  }

  confirm(sourceId: string, serviceId?: string): void {
    this.#sources.find(({ runner }) => runner.id === sourceId)?.runner.confirm(serviceId);
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#withSources(signal, { singlePass: false, savesState: true }, async (inner, sources) => {
      await Promise.all([sources, ...this.#sinks.map(({ runner }) => runner.run(inner))]);
    });
  }

  async once(signal: AbortSignal): Promise<readonly SinkPlan[]> {
    return this.#onFirstCatalog(signal, true, async (lane, catalog, inner) => {
      const { runner } = lane;
      const own = this.#catalogFor(lane, catalog);
      const plan = await runner.planOnce(own, inner);
      if (plan.changes.length > 0) await runner.applyOnce(own, plan);
      return { sink: runner.id, plan };
    });
  }

  async plan(signal: AbortSignal): Promise<readonly SinkPlan[]> {
    return this.#onFirstCatalog(signal, false, async (lane, catalog, inner) => {
      const plan = await lane.runner.planOnce(this.#catalogFor(lane, catalog), inner);
      return { sink: lane.runner.id, plan };
    });
  }

  async collect(signal: AbortSignal, sinkId?: string): Promise<Catalog> {
    return this.#withSources(signal, { singlePass: true, savesState: false }, async (inner, sources) => {
      const catalog = await this.#firstCatalog(inner, sources);
      const lane = this.#sinks.find(({ runner }) => runner.id === sinkId);
      return lane === undefined ? catalog : this.#catalogFor(lane, catalog);
    });
  }

  async #onFirstCatalog(
    signal: AbortSignal,
    savesState: boolean,
    work: (lane: SinkLane, catalog: Catalog, inner: AbortSignal) => Promise<SinkPlan>,
  ): Promise<readonly SinkPlan[]> {
    return this.#withSources(signal, { singlePass: true, savesState }, async (inner, sources) => {
      const catalog = await this.#firstCatalog(inner, sources);
      // Every sink gets its turn, whatever becomes of the others.
      const results = await Promise.allSettled(this.#sinks.map((lane) => work(lane, catalog, inner)));
      const failure = results.find((result) => result.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
      return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    });
  }

  async #firstCatalog(signal: AbortSignal, sources: Promise<void>): Promise<Catalog> {
    await Promise.race([this.#built.changedSince(0, signal), sources]);
    if (this.#built.value !== undefined) return this.#built.value;
    signal.throwIfAborted();
    throw this.#buildError ?? new PipelineError('the sources ended without an answer', { code: 'SOURCE_ENDED' });
  }

  /** Runs the sources and everything that feeds on inputs of its own while `work` goes on, and leaves nothing behind. */
  async #withSources<Result>(
    signal: AbortSignal,
    mode: SourceMode,
    work: (inner: AbortSignal, sources: Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    if (this.#hasStarted) throw new PipelineError('a pipeline runs only once', { code: 'PIPELINE_REUSED' });
    this.#hasStarted = true;
    this.#sources = Object.entries(this.#options.sources).map(([id, source]) =>
      this.#createSourceLane(id, toSourceEntry(source), mode),
    );
    const { controller, release } = childController(signal);
    const inner = controller.signal;
    this.#hub.emit({ type: 'pipeline-start' });
    const sources = this.#runSources(inner);
    const working = work(inner, sources);
    let error: PipelineError | undefined;
    try {
      // One ends the other: a source that fails for good ends the work, the end of the work ends the sources.
      const failed = sources.then(() => new Promise<never>(() => {}));
      return await Promise.race([working, failed]);
    } catch (cause) {
      error = cause as PipelineError;
      throw cause;
    } finally {
      controller.abort(signal.aborted ? signal.reason : undefined);
      release();
      await Promise.allSettled([sources, working]);
      await Promise.all(this.#sinks.map(({ runner }) => runner.dispose()));
      this.#hub.emit({ type: 'pipeline-end', ...(error === undefined ? {} : { error }) });
    }
  }

  async #runSources(signal: AbortSignal): Promise<void> {
    const stages = [this.#stage, ...this.#sources.map(({ stage }) => stage), ...this.#sinks.map(({ stage }) => stage)];
    await Promise.all([
      ...this.#sources.map(({ runner }) => runner.run(signal)),
      ...stages.map((stage) => stage.watch(signal)),
    ]);
  }

  /** Called whenever a source or an input of a transform changed; the cost is that of comparing pointers. */
  #rebuild(): void {
    if (!this.#sources.every(({ runner }) => runner.isDecided)) return;
    try {
      const merged = this.#sources.flatMap(({ runner, stage }) => stage.apply(runner.services ?? []));
      const built = this.#builder.build(this.#stage.apply(merged));
      this.#buildError = undefined;
      if (built !== undefined) this.#publish(built.catalog, built.changes);
    } catch (error) {
      this.#buildError = error as PipelineError;
    }
  }

  #publish(catalog: Catalog, changes: CatalogChanges): void {
    this.#built.set(catalog);
    this.#hub.emit({ type: 'catalog-change', catalog, changes });
    for (const lane of this.#sinks) this.#offer(lane, catalog, changes.urgent);
  }

  #offer(lane: SinkLane, catalog: Catalog, urgent: boolean): void {
    try {
      lane.runner.offer(this.#catalogFor(lane, catalog), urgent);
    } catch {
      // Reported by the stage. The sink keeps what it has until its transforms give a result.
    }
  }

  #catalogFor({ stage }: SinkLane, catalog: Catalog): Catalog {
    if (stage.isEmpty) return catalog;
    return { ...catalog, services: toSortedMap(stage.apply([...catalog.services.values()])) };
  }

  #createSourceLane(id: string, entry: SourceEntry, { singlePass, savesState }: SourceMode): SourceLane {
    const { guards, lastKnownGood, firstSyncTimeoutMs = 5_000 } = this.#options;
    const runner = new SourceRunner({
      id,
      entry,
      guards: { ...guards, ...entry.guards },
      store: lastKnownGood,
      savesState,
      singlePass,
      firstSyncTimeoutMs,
      retry: this.#options.retry ?? {},
      logger: this.#logger.child({ source: id }),
      emit: this.#hub.emit,
      onChange: () => this.#rebuild(),
    });
    return { runner, stage: this.#createStage(id, entry.transforms) };
  }

  #createSinkLane(id: string, entry: SinkEntry): SinkLane {
    const { settle, resyncMs = 60_000, gracePeriodMs = 10_000 } = this.#options;
    const runner = new SinkRunner({
      id,
      sink: entry.sink,
      settle: { ...settleDefaults, ...settle, ...entry.settle },
      resyncMs: entry.resyncMs ?? resyncMs,
      gracePeriodMs,
      retry: this.#options.retry ?? {},
      logger: this.#logger.child({ sink: id }),
      emit: this.#hub.emit,
    });
    const onChange = (): void => {
      const catalog = this.#builder.current;
      if (catalog !== undefined) this.#offer({ runner, stage }, catalog, false);
    };
    const stage = this.#createStage(id, entry.transforms, onChange);
    return { runner, stage };
  }

  #createStage(
    id: string,
    transforms: SourceEntry['transforms'] = [],
    onChange = () => this.#rebuild(),
  ): TransformStage {
    return new TransformStage({ id, transforms, logger: this.#logger, emit: this.#hub.emit, onChange });
  }

  get #logger(): NonNullable<PipelineOptions['logger']> {
    return this.#options.logger ?? silentLogger;
  }
}

function toSourceEntry(source: Source | SourceEntry): SourceEntry {
  return 'watch' in source ? { source } : source;
}

function toSinkEntry(sink: Sink | SinkEntry): SinkEntry {
  return 'plan' in sink ? { sink } : sink;
}
