import { wrapPluginError } from '../errors/wrap.ts';
import type { Emit } from './event-hub.ts';
import type { LastKnownGood, LastKnownGoodStore } from './options.ts';

/** A burst of changes is one write. */
const gatherMs = 250;
/** An unchanged set is written again after this time, so that the age on disk stays true. */
const refreshMs = 60_000;

/** Writes the newest state of one source behind the pipeline's back: never two writes at once, never in the way of traffic. */
export class StateWriter {
  readonly #store: LastKnownGoodStore;
  readonly #source: string;
  readonly #emit: Emit;
  #next: LastKnownGood | undefined;
  #written: LastKnownGood | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(store: LastKnownGoodStore, source: string, emit: Emit) {
    this.#store = store;
    this.#source = source;
    this.#emit = emit;
  }

  schedule(state: LastKnownGood): void {
    const unchanged = this.#written?.services === state.services;
    if (unchanged && this.#written !== undefined && state.syncedAt - this.#written.syncedAt < refreshMs) return;
    this.#next = state;
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs);
  }

  /** Resolves when everything scheduled so far is on disk, or could not be written. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#next !== undefined || this.#writing !== undefined) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const state = this.#next;
    this.#next = undefined;
    if (state === undefined) return;
    try {
      await this.#store.save(this.#source, state);
      this.#written = state;
    } catch (error) {
      const wrapped = wrapPluginError(error, { id: this.#source, kind: 'source' });
      this.#emit({ type: 'state-error', source: this.#source, error: wrapped });
    }
  }
}
