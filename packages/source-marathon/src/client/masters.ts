import { isPipelineError, type SourceError } from '@signalbox/core';
import { authorityOf } from '@signalbox/source-kit';
import { combineErrors, networkError } from './failures.ts';
import { RefusedAnswer } from './get-json.ts';
import type { Master } from './master.ts';

/**
 * The masters in the order in which to try them. Lives as long as the source, so that a restart of `watch` begins with the
 * master that answered last.
 */
export class Masters {
  readonly #all: readonly Master[];
  #preferred = 0;
  #leader: string | undefined;

  constructor(all: readonly Master[]) {
    this.#all = all;
  }

  get size(): number {
    return this.#all.length;
  }

  /** The one that answered last first, then the others in the configured order. */
  ordered(): readonly Master[] {
    return this.#startingWith(this.#all[this.#preferred]);
  }

  /** For the event stream: the leader first, because standbys buffer it, cut it off, or redirect (by version). */
  orderedForStream(): readonly Master[] {
    return this.#startingWith(this.find(this.#leader) ?? this.#all[this.#preferred]);
  }

  /** @param leader - `host:port` as Marathon announces it */
  noteAnswer(master: Master, leader: string | undefined): void {
    this.#preferred = Math.max(0, this.#all.indexOf(master));
    if (leader !== undefined) this.#leader = leader;
  }

  /** Whether the leader is one of the configured masters, as far as is known. */
  get leaderIsKnown(): boolean {
    return this.find(this.#leader) !== undefined;
  }

  noteLeader(leader: string): void {
    this.#leader = leader;
  }

  /** The next in line is asked first from now on. */
  noteFailure(master: Master): void {
    if (this.find(this.#leader) === master) this.#leader = undefined;
    const index = this.#all.indexOf(master);
    if (index === this.#preferred) this.#preferred = (index + 1) % this.#all.length;
  }

  /** The configured master with this `host:port`. */
  find(hostAndPort: string | undefined): Master | undefined {
    if (hostAndPort === undefined) return undefined;
    return this.#all.find((master) => {
      const scheme = new URL(master.url).protocol;
      const text = `${scheme}//${hostAndPort}`;
      return URL.canParse(text) && authorityOf(new URL(text)) === master.authority;
    });
  }

  /**
   * Asks one master after the other until one answers. "No such app" is an answer.
   *
   * @throws {SourceError} one for all of them, when none did.
   */
  async firstAnswer<Value>(
    order: readonly Master[],
    ask: (master: Master) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    const errors: SourceError[] = [];
    for (const master of order) {
      try {
        return await ask(master);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RefusedAnswer) && !isPipelineError(error)) throw error;
        errors.push(error instanceof RefusedAnswer ? error.toSourceError() : networkError(error, master.url));
        this.noteFailure(master);
      }
    }
    throw combineErrors(errors);
  }

  #startingWith(first: Master | undefined): readonly Master[] {
    return first === undefined ? this.#all : [first, ...this.#all.filter((master) => master !== first)];
  }
}
