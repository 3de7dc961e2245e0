import { joinErrors } from '../errors/join.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import { isAbortError } from '../helpers/abort.ts';
import { childController } from '../helpers/abort-controller.ts';
import { Cell } from '../helpers/cell.ts';
import type { Catalog } from '../model/catalog.ts';
import type { Service } from '../model/service.ts';
import { CatalogBuilder } from './catalog-builder.ts';
import { createStage, type LaneSurroundings } from './create-stage.ts';
import { toSinkEntry, toSourceEntry } from './entries.ts';
import { EventHub } from './event-hub.ts';
import type { CatalogChanges } from './events.ts';
import { awaitFirstCatalog } from './first-catalog.ts';
import { createInspection, type Inspection, type InspectOptions } from './inspection.ts';
import type { PipelineOptions, SinkEntry, SourceEntry } from './options.ts';
import type { Pipeline, SinkPlan, SinkReading, StatisticsOptions } from './pipeline-interface.ts';
import { createSinkLane, type SinkLane } from './sink-lane.ts';
import { createSourceLane, type SourceLane, type SourceMode } from './source-lane.ts';
import type { PipelineStatus, TransformExplanation } from './status.ts';
import { type PipelineTrace, takeTrace } from './trace.ts';
import type { TransformStage } from './transform-stage.ts';

/** What {@link createPipeline} shows less of. */
export class ComposedPipeline implements Pipeline {
  readonly #options: PipelineOptions;
  readonly #hub = new EventHub();
  readonly #builder = new CatalogBuilder();
  /** The newest catalog, or what kept the first one from being built. */
  readonly #outcome = new Cell<Catalog | PipelineError>();
  /** Set whenever a set of the trace may have become another one. */
  readonly #activity = new Cell<true>();
  readonly #stage: TransformStage;
  readonly #sinks: readonly SinkLane[];
  #sources: readonly SourceLane[] = [];
  #hasStarted = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#stage = createStage('transforms', options.transforms, {
      ...this.#surroundings,
      onChange: () => this.#rebuild(),
    });
    this.#sinks = Object.entries(options.sinks).map(([id, sink]) => this.#createSinkLane(id, toSinkEntry(sink)));
    this.#hub.subscribe(() => this.#activity.set(true));
  }

  get catalog(): Catalog | undefined {
    return this.#builder.current;
  }

  get status(): PipelineStatus {
    return {
      catalogVersion: this.#builder.current?.version ?? 0,
      sources: Object.fromEntries(this.#sources.map(({ runner }) => [runner.id, runner.status])),
      transforms: Object.fromEntries(this.#stages.flatMap((stage) => stage.status)),
      sinks: Object.fromEntries(this.#sinks.map(({ runner }) => [runner.id, runner.status])),
    };
  }

  get trace(): PipelineTrace {
    return takeTrace({ sources: this.#sources, stage: this.#stage, catalog: this.catalog, sinks: this.#sinks });
  }

  subscribe(listener: Parameters<EventHub['subscribe']>[0]): () => void {
    return this.#hub.subscribe(listener);
  }

  confirm(sourceId: string, serviceId?: string): void {
    const source = this.#sources.find(({ runner }) => runner.id === sourceId);
    // Later, because a listener may call this in the middle of the very change that it was told of.
    queueMicrotask(() => source?.runner.confirm(serviceId));
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#withSources(signal, { singlePass: false, savesState: true, restores: true }, async (inner, sources) => {
      await Promise.allSettled([sources, ...this.#sinks.map(({ runner }) => runner.run(inner))]);
    });
  }

  async once(signal: AbortSignal): Promise<readonly SinkPlan[]> {
    return this.#onFirstCatalog(signal, true, async (lane, catalog, inner) => {
      const plan = await lane.runner.applyOnce(lane.catalogFor(catalog), inner);
      return { sink: lane.runner.id, plan };
    });
  }

  async plan(signal: AbortSignal): Promise<readonly SinkPlan[]> {
    return this.#onFirstCatalog(signal, false, async (lane, catalog, inner) => {
      const plan = await lane.runner.planOnce(lane.catalogFor(catalog), inner);
      return { sink: lane.runner.id, plan };
    });
  }

  async collect(signal: AbortSignal, sinkId?: string): Promise<Catalog> {
    return this.#withSources(
      signal,
      { singlePass: true, savesState: false, restores: false },
      async (inner, sources) => {
        const catalog = await awaitFirstCatalog(this.#outcome, inner, sources);
        const lane = this.#sinks.find(({ runner }) => runner.id === sinkId);
        return lane?.catalogFor(catalog) ?? catalog;
      },
    );
  }

  async statistics(signal: AbortSignal, options: StatisticsOptions = {}): Promise<readonly SinkReading[]> {
    const { sink, timeoutMs = 10_000 } = options;
    const lanes = this.#sinks.filter(({ runner }) => sink === undefined || runner.id === sink);
    const read = (catalog: Catalog, inner: AbortSignal): Promise<SinkReading[]> =>
      Promise.all(lanes.map((lane) => lane.read(catalog, { signal: inner, timeoutMs })));
    if (this.catalog !== undefined) return read(this.catalog, signal);
    return this.#withSources(signal, { singlePass: true, savesState: false, restores: true }, async (inner, sources) =>
      read(await awaitFirstCatalog(this.#outcome, inner, sources), inner),
    );
  }

  async inspect<Result>(
    signal: AbortSignal,
    work: (inspection: Inspection) => Promise<Result>,
    { singlePass = false }: InspectOptions = {},
  ): Promise<Result> {
    return this.#withSources(signal, { singlePass, savesState: false, restores: true }, (inner, sources) =>
      work(
        createInspection({
          signal: inner,
          changes: this.#activity,
          takeTrace: () => this.trace,
          firstCatalog: async () => this.catalog ?? awaitFirstCatalog(this.#outcome, inner, sources),
          sinks: this.#sinks,
        }),
      ),
    );
  }

  async #onFirstCatalog(
    signal: AbortSignal,
    savesState: boolean,
    work: (lane: SinkLane, catalog: Catalog, inner: AbortSignal) => Promise<SinkPlan>,
  ): Promise<readonly SinkPlan[]> {
    return this.#withSources(signal, { singlePass: true, savesState, restores: false }, async (inner, sources) => {
      const catalog = await awaitFirstCatalog(this.#outcome, inner, sources);
      // Every sink gets its turn, whatever becomes of the others.
      const results = await Promise.allSettled(this.#sinks.map((lane) => work(lane, catalog, inner)));
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (failures.length > 0) throw signal.aborted ? signal.reason : joinErrors(failures);
      return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    });
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
    const tasks = this.#startSources(inner);
    const sources = Promise.all(tasks).then(() => {});
    const working = work(inner, sources);
    let error: PipelineError | undefined;
    try {
      // One ends the other: a source that fails for good ends the work, the end of the work ends the sources.
      const failed = sources.then(() => new Promise<never>(() => {}));
      return await Promise.race([working, failed]);
    } catch (cause) {
      if (!isAbortError(cause, signal)) error = cause as PipelineError;
      throw cause;
    } finally {
      controller.abort(signal.aborted ? signal.reason : undefined);
      release();
      await Promise.allSettled([...tasks, working]);
      await Promise.all(this.#sinks.map(({ runner }) => runner.dispose()));
      this.#hub.emit({ type: 'pipeline-end', ...(error === undefined ? {} : { error }) });
    }
  }

  #startSources(signal: AbortSignal): readonly Promise<void>[] {
    return [
      ...this.#sources.map(({ runner }) => runner.run(signal)),
      ...this.#stages.map((stage) => stage.watch(signal)),
    ];
  }

  explain(serviceId: string): readonly TransformExplanation[] {
    return this.#stages.flatMap((stage) => stage.explain(serviceId));
  }

  /** In the order in which a service passes them. */
  get #stages(): readonly TransformStage[] {
    return [...this.#sources.map(({ stage }) => stage), this.#stage, ...this.#sinks.map(({ stage }) => stage)];
  }

  /** Called whenever a source or an input of a transform changed; the cost is that of comparing pointers. */
  #rebuild(): void {
    this.#activity.set(true);
    if (!this.#sources.every(({ runner }) => runner.isDecided)) return;
    try {
      const sets = this.#sources.map(({ runner, stage }) => stage.apply(runner.services ?? []));
      // Not flatMap, which looks at every service: this copies pointers.
      const merged = ([] as Service[]).concat(...sets);
      const built = this.#build(this.#stage.apply(merged));
      if (built !== undefined) this.#publish(built.catalog, built.changes);
    } catch (error) {
      // A transform that waits for inputs of its own may know better later.
      if (this.#builder.current === undefined && !this.#stages.some(({ hasInputs }) => hasInputs)) {
        this.#outcome.set(error as PipelineError);
      }
    }
  }

  #build(services: readonly Service[]): ReturnType<CatalogBuilder['build']> {
    try {
      return this.#builder.build(services);
    } catch (error) {
      // Two sources cannot make the same id, but transforms behind them can.
      this.#hub.emit({ type: 'transform-error', transform: 'transforms', error: error as PipelineError });
      throw error;
    }
  }

  #publish(catalog: Catalog, changes: CatalogChanges): void {
    this.#outcome.set(catalog);
    this.#hub.emit({ type: 'catalog-change', catalog, changes });
    for (const lane of this.#sinks) lane.offer(catalog, changes.urgent);
  }

  #createSourceLane(id: string, entry: SourceEntry, mode: SourceMode): SourceLane {
    return createSourceLane(id, entry, { ...this.#surroundings, mode, onChange: () => this.#rebuild() });
  }

  #createSinkLane(id: string, entry: SinkEntry): SinkLane {
    const onChange = (lane: SinkLane): void => {
      const catalog = this.#builder.current;
      this.#activity.set(true);
      if (catalog !== undefined) lane.offer(catalog, false);
    };
    return createSinkLane(id, entry, { ...this.#surroundings, onChange });
  }

  get #surroundings(): LaneSurroundings {
    return { options: this.#options, emit: this.#hub.emit };
  }
}
