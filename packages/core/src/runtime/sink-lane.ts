import { wrapPluginError } from '../errors/wrap.ts';
import type { Catalog } from '../model/catalog.ts';
import { compareServices } from './catalog-changes.ts';
import { createStage, defaultGracePeriodMs, type LaneSurroundings, loggerOf } from './create-stage.ts';
import type { SinkEntry } from './options.ts';
import type { SinkReading } from './pipeline-interface.ts';
import { emptyServiceSet } from './service-set.ts';
import { ServiceSorter } from './service-sorter.ts';
import { settleDefaults } from './settle.ts';
import { SinkRunner } from './sink-runner.ts';
import type { TransformStage } from './transform-stage.ts';

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A sink behind the transforms of its own. */
export class SinkLane {
  readonly runner: SinkRunner;
  readonly stage: TransformStage;
  readonly #sorter = new ServiceSorter();
  #offered = emptyServiceSet;
  #catalog: Catalog | undefined;

  constructor(runner: SinkRunner, stage: TransformStage) {
    this.runner = runner;
    this.stage = stage;
  }

  /** What the sink was offered last; the same object as long as its services are. */
  get catalog(): Catalog | undefined {
    return this.#catalog;
  }

  /** The catalog as this sink gets it. @throws {PipelineError} when a transform fails that never had a result. */
  catalogFor(catalog: Catalog): Catalog {
    if (this.stage.isEmpty) return catalog;
    return { ...catalog, services: this.#sorter.sort(this.stage.apply([...catalog.services.values()])) };
  }

  /** What the target counted. Never rejects but with the reason of the signal. */
  async read(catalog: Catalog, options: ReadOptions): Promise<SinkReading> {
    const sink = this.runner.id;
    try {
      const statistics = await this.runner.readStatistics(this.catalogFor(catalog), options);
      return statistics === undefined ? { sink } : { sink, statistics };
    } catch (error) {
      options.signal.throwIfAborted();
      return { sink, error: wrapPluginError(error, { id: sink, kind: 'sink' }) };
    }
  }

  /** Hands the sink the newest catalog. What is urgent is judged behind the transforms: they may have taken the endpoint out. */
  offer(catalog: Catalog, isUrgent: boolean): void {
    if (this.stage.isEmpty) {
      this.#catalog = catalog;
      this.runner.offer(catalog, isUrgent);
      return;
    }
    try {
      const services = this.#sorter.sort(this.stage.apply([...catalog.services.values()]));
      const changes = compareServices(this.#offered, services);
      this.#offered = services;
      const next = { ...catalog, services };
      if (changes !== undefined || this.#catalog === undefined) this.#catalog = next;
      this.runner.offer(next, changes?.urgent === true);
    } catch {
      // Reported by the stage. The sink keeps what it has until its transforms give a result.
    }
  }
}

export interface SinkLaneOptions extends LaneSurroundings {
  /** Called when an input of its transforms changed. */
  readonly onChange: (lane: SinkLane) => void;
}

export function createSinkLane(id: string, entry: SinkEntry, lane: SinkLaneOptions): SinkLane {
  const { options, emit } = lane;
  const { settle, resyncMs = 60_000, gracePeriodMs = defaultGracePeriodMs } = options;
  const runner = new SinkRunner({
    id,
    sink: entry.sink,
    settle: { ...settleDefaults, ...settle, ...entry.settle },
    resyncMs: entry.resyncMs ?? resyncMs,
    gracePeriodMs,
    retry: options.retry ?? {},
    logger: loggerOf(options).child({ sink: id }),
    emit,
  });
  const onChange = (): void => lane.onChange(created);
  const created = new SinkLane(runner, createStage(`sinks.${id}.transforms`, entry.transforms, { ...lane, onChange }));
  return created;
}
