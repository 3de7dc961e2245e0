import type { Service } from '../model/service.ts';
import type { Logger } from '../plugin/logger.ts';
import type { Sink } from '../plugin/sink.ts';
import type { Source } from '../plugin/source.ts';
import type { Transform } from '../plugin/transform.ts';

export interface PipelineOptions {
  /** Keyed by an id of your choice, which becomes the first part of every service id: `mesos` in `mesos:/shop/cart#http`. No colons. */
  readonly sources: Readonly<Record<string, Source | SourceEntry>>;
  /** Applied in order to the services of all sources together. */
  readonly transforms?: readonly Transform[];
  readonly sinks: Readonly<Record<string, Sink | SinkEntry>>;
  /** For every source; a source's own settings win key by key. */
  readonly guards?: GuardOptions;
  /** For every sink; a sink's own settings win key by key. */
  readonly settle?: SettleOptions;
  /** Time between two plans of a sink when nothing changed, so that drift is found. Default 60000; `Infinity` switches it off. */
  readonly resyncMs?: number;
  /** Waits between attempts of what failed: sources, plans and applies. */
  readonly retry?: RetryOptions;
  /** Keeps the last good set of each source across restarts. Default: none is kept. */
  readonly lastKnownGood?: LastKnownGoodStore;
  /** How long to wait for a source's first answer before its last good set from an earlier run is used. Default 5000. */
  readonly firstSyncTimeoutMs?: number;
  /** How long after an abort a running apply, the disposal of a sink and the last write of a store may each take. Default 10000. */
  readonly gracePeriodMs?: number;
  readonly logger?: Logger;
}

export interface SourceEntry {
  readonly source: Source;
  /** Applied to the services of this source alone, before those of the pipeline. */
  readonly transforms?: readonly Transform[];
  /** Nothing is applied before every required source has answered once. Default true. */
  readonly required?: boolean;
  readonly guards?: GuardOptions;
}

export interface SinkEntry {
  readonly sink: Sink;
  /** Applied for this sink alone, after those of the pipeline. */
  readonly transforms?: readonly Transform[];
  readonly settle?: SettleOptions;
  readonly resyncMs?: number;
}

/** Rules that may hold back losses which look like a hiccup. Losses that the source states as intended always pass. */
export interface GuardOptions {
  /** Share of a service's endpoints, or of all endpoints of the source, that may vanish at once. Default 50. 100 switches the rule off. */
  readonly maxRemovedPercent?: number;
  /** The percentage counts only when more endpoints than this vanish at once. Default 4. */
  readonly toleratedRemovals?: number;
  /** Endpoints that a service keeps at least, as far as it had them. Default 0. */
  readonly minEndpoints?: number;
  /**
   * A source that had services and now has none: `keep` the last set until it has some again or an operator confirms,
   * `hold` it until the hold times out, or `apply` it. Default `keep`.
   */
  readonly onEmpty?: 'keep' | 'hold' | 'apply';
  /** A hold ends after this time, and the loss is applied. Default 600000. */
  readonly holdTimeoutMs?: number;
}

/** Waits for quiet before planning. Endpoints that go or drain do not wait. */
export interface SettleOptions {
  /** Quiet time after the last change. Default 200. */
  readonly minMs?: number;
  /** Longest wait since the first change. Default 2000. */
  readonly maxMs?: number;
}

/** Exponential, with full jitter: a wait is random between 0 and a bound that doubles with every failure in a row. */
export interface RetryOptions {
  /** Bound of the first wait. Default 500. */
  readonly initialMs?: number;
  /** Bound of every wait. Default 10000. */
  readonly maxMs?: number;
}

/** Where last good sets are kept. A store that cannot be written to never stops the pipeline; it is reported as an event. */
export interface LastKnownGoodStore {
  /** Resolves to `undefined` when there is none. */
  load(sourceId: string): Promise<LastKnownGood | undefined>;
  save(sourceId: string, state: LastKnownGood): Promise<void>;
}

export interface LastKnownGood {
  /** When the source gave this set, in milliseconds since the epoch. */
  readonly syncedAt: number;
  readonly services: readonly Service[];
}
