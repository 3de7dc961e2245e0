import { PipelineError } from '../errors/pipeline-error.ts';
import { SourceError } from '../errors/source-error.ts';
import { wrapPluginError } from '../errors/wrap.ts';
import { waitAtMost, withAbort } from '../helpers/abort.ts';
import { consumeWithRestart } from '../helpers/restarting.ts';
import { startTimer } from '../helpers/timer.ts';
import type { Service } from '../model/service.ts';
import type { Logger } from '../plugin/logger.ts';
import type { Warning } from '../plugin/sink.ts';
import type { Snapshot, SourceUpdate } from '../plugin/source.ts';
import type { Emit } from './event-hub.ts';
import { GuardKeeper } from './guard-keeper.ts';
import { Interner } from './intern.ts';
import type { GuardOptions, LastKnownGoodStore, RetryOptions, SourceEntry } from './options.ts';
import type { ServiceSet } from './service-set.ts';
import { StateWriter } from './state-writer.ts';
import type { SourceHealth, SourceStatus } from './status.ts';

/** A failure that will not pass by itself (a wrong password) is tried again this rarely. */
const permanentFailureRetryMs = 60_000;

export interface SourceRunnerOptions {
  readonly id: string;
  readonly entry: SourceEntry;
  readonly guards: GuardOptions;
  readonly store: LastKnownGoodStore | undefined;
  /** Whether last good sets are written. A dry run only reads them. */
  readonly savesState: boolean;
  /** A single pass does not wait for a source to recover: its first failure decides. */
  readonly singlePass: boolean;
  /** Whether a single pass takes the set of an earlier run for a required source that does not answer. */
  readonly restores: boolean;
  readonly firstSyncTimeoutMs: number;
  /** How long the last write may take at the end. */
  readonly gracePeriodMs: number;
  readonly retry: RetryOptions;
  readonly logger: Logger;
  readonly emit: Emit;
  /** Called when `services` or `isDecided` changed. */
  readonly onChange: () => void;
}

/** Keeps one source running, and knows what of it is in force. */
export class SourceRunner {
  readonly id: string;
  readonly #options: SourceRunnerOptions;
  readonly #interner: Interner;
  readonly #guards: GuardKeeper;
  readonly #writer: StateWriter | undefined;
  #restored: { readonly syncedAt: number; readonly services: ServiceSet } | undefined;
  /** What the source says now, before guards. */
  #latest: { readonly services: ServiceSet; readonly intended: ReadonlySet<string> } | undefined;
  #inForce: ServiceSet | undefined;
  /** Whether what is in force came from an earlier run. */
  #isRestored = false;
  #gaveUpWaiting = false;
  #health: SourceHealth = 'never';
  #lastSyncAt: number | undefined;
  #error: PipelineError | undefined;
  #warnings: readonly Warning[] = [];
  #attempts = 0;

  constructor(options: SourceRunnerOptions) {
    const { id, guards, store, emit, savesState } = options;
    this.id = id;
    this.#options = options;
    this.#interner = new Interner(`${id}:`);
    this.#guards = new GuardKeeper({ source: id, guards, emit, onRelease: () => this.#judge() });
    this.#writer = store !== undefined && savesState ? new StateWriter(store, id, emit) : undefined;
  }

  /** What is in force, in the source's order; the same array as long as nothing changed. `undefined` before the first answer. */
  get services(): readonly Service[] | undefined {
    return this.#inForce?.list;
  }

  /** What the source says now, whatever the guards make of it. */
  get announced(): readonly Service[] | undefined {
    return this.#latest?.services.list;
  }

  /** Whether a catalog may be built: this source has answered, or it is optional and was waited for in vain. */
  get isDecided(): boolean {
    return this.#inForce !== undefined || (this.#gaveUpWaiting && this.#options.entry.required === false);
  }

  get status(): SourceStatus {
    const services = this.services ?? [];
    return {
      health: this.#health === 'fresh' && this.#guards.holds.length > 0 ? 'stale' : this.#health,
      services: services.length,
      endpoints: countEndpoints(services),
      attempts: this.#attempts,
      holds: this.#guards.holds,
      warnings: this.#warnings,
      ...(this.#lastSyncAt === undefined ? {} : { lastSyncAt: this.#lastSyncAt }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  confirm(service?: string): void {
    this.#guards.confirm(service);
  }

  /** Ends with the signal. Rejects when a source that never answered fails for good. */
  async run(signal: AbortSignal): Promise<void> {
    const { entry, id, logger, firstSyncTimeoutMs, retry } = this.#options;
    await this.#loadRestored(signal);
    const firstSyncTimer = startTimer(() => this.#stopWaiting(), firstSyncTimeoutMs);
    try {
      await consumeWithRestart<SourceUpdate>({
        open: (attempt) => entry.source.watch({ id, signal: attempt, logger }),
        onValue: (update) => {
          clearTimeout(firstSyncTimer);
          this.#accept(update);
        },
        onFailure: (error, attempt, waitMs) => this.#fail(error, attempt, waitMs),
        backoff: retry,
        signal,
      });
    } finally {
      clearTimeout(firstSyncTimer);
      this.#guards.stop();
      if (this.#writer !== undefined) await waitAtMost(this.#writer.flush(), this.#options.gracePeriodMs);
    }
  }

  async #loadRestored(signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    try {
      const state = await withAbort((async () => store?.load(this.id))(), signal);
      if (state === undefined) return;
      this.#restored = { syncedAt: state.syncedAt, services: this.#interner.intern(state.services) };
    } catch (error) {
      if (signal.aborted) return;
      this.#options.emit({ type: 'state-error', source: this.id, error: this.#wrap(error) });
    }
  }

  #accept(update: SourceUpdate): void {
    const snapshot = toSnapshot(update);
    const intended = new Set(snapshot.intended);
    const services = this.#interner.intern(snapshot.services);
    const changed = services !== this.#latest?.services;
    this.#latest = { services, intended };
    this.#lastSyncAt = Date.now();
    this.#health = 'fresh';
    this.#error = undefined;
    this.#attempts = 0;
    this.#warnings = snapshot.warnings ?? [];
    this.#options.emit({
      type: 'source-sync',
      source: this.id,
      services: services.size,
      endpoints: countEndpoints(services.list),
      changed,
      warnings: this.#warnings,
    });
    this.#judge();
  }

  /** Brings the newest set into force, as far as the guards let it. */
  #judge(): void {
    if (this.#latest === undefined) return;
    const previous = this.#isRestored || this.#inForce === undefined ? this.#restoredBaseline() : this.#inForce;
    const { services, intended } = this.#latest;
    this.#isRestored = false;
    this.#publish(previous === undefined ? services : this.#guards.judge(previous, services, intended));
    if (this.#lastSyncAt === undefined) return;
    this.#writer?.schedule({ syncedAt: this.#lastSyncAt, services: this.services ?? [] });
  }

  /** An old set is no measure for how much may vanish at once; a hold would have ended by now. Emptiness is suspicious at any age. */
  #restoredBaseline(): ServiceSet | undefined {
    if (this.#restored === undefined) return undefined;
    const isRecent = Date.now() - this.#restored.syncedAt < this.#guards.holdTimeoutMs;
    return isRecent || this.#latest?.services.size === 0 ? this.#restored.services : undefined;
  }

  #publish(services: ServiceSet): void {
    if (services === this.#inForce) return;
    this.#inForce = services;
    this.#options.onChange();
  }

  #fail(cause: unknown, attempt: number, waitMs: number): number {
    const { entry, emit, singlePass, restores } = this.#options;
    const ended = new SourceError('the watch ended by itself', { code: 'SOURCE_ENDED' });
    const error = this.#wrap(cause ?? ended);
    const wasKnown = this.#inForce !== undefined;
    const isFinal = !error.retryable;
    this.#attempts = attempt;
    this.#error = error;
    const mayStandIn = this.#restored !== undefined && (restores || !singlePass);
    const decides = singlePass || isFinal;
    if (!wasKnown && decides && !mayStandIn && entry.required !== false) throw error;
    this.#health = isFinal ? 'failed' : wasKnown || this.#restored !== undefined ? 'stale' : 'never';
    const retryInMs = isFinal ? permanentFailureRetryMs : waitMs;
    emit({ type: 'source-error', source: this.id, error, attempt, retryInMs });
    this.#stopWaiting();
    return retryInMs;
  }

  /** The source does not answer: what it said in an earlier run counts now, if there is such a thing. */
  #stopWaiting(): void {
    if (this.#inForce !== undefined || this.#gaveUpWaiting) return;
    this.#gaveUpWaiting = true;
    const { entry, emit, onChange, singlePass, restores } = this.#options;
    if (this.#restored === undefined || (singlePass && !restores && entry.required !== false)) {
      onChange();
      return;
    }
    const { syncedAt, services } = this.#restored;
    this.#lastSyncAt = syncedAt;
    if (this.#health === 'never') this.#health = 'stale';
    emit({ type: 'source-restore', source: this.id, syncedAt, services: services.size });
    this.#isRestored = true;
    this.#publish(services);
  }

  #wrap(error: unknown): PipelineError {
    return wrapPluginError(error, { id: this.id, kind: 'source' });
  }
}

/** @throws {PipelineError} `PLUGIN_CONTRACT` for what is no update at all. */
function toSnapshot(update: SourceUpdate): Snapshot {
  if (isIterable(update)) return { services: update };
  if (isIterable(update?.services)) return update;
  throw new PipelineError('watch gave something that is not a set of services', {
    code: 'PLUGIN_CONTRACT',
    hint: 'yield an array of all services, or an object with this array as services',
  });
}

function isIterable(value: unknown): value is Iterable<Service> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function countEndpoints(services: readonly Service[]): number {
  return services.reduce((sum, service) => sum + service.endpoints.length, 0);
}
