/** What an event says has to be read again. */
export interface Hint {
  readonly everything: boolean;
  /** Ids of apps and pods. */
  readonly specs: readonly string[];
  /** Traffic should move away from something now, so the answer is not to wait for more events. */
  readonly urgent: boolean;
}

/** Collects what has to be read again, while something else is being read. One reader at a time. */
export class Hints {
  #specs = new Set<string>();
  #everything = false;
  #urgent = false;
  /** What the reader took last and has not finished with. */
  #reading: Hint | undefined;
  #recheck: (() => void) | undefined;

  get pending(): boolean {
    return this.#everything || this.#specs.size > 0;
  }

  add({ everything, specs, urgent }: Hint): void {
    if (everything) this.#everything = true;
    for (const id of specs) this.#specs.add(id);
    if (urgent) this.#urgent = true;
    this.#recheck?.();
  }

  /** Whether events about this app or pod arrived of which the answer is still to come. */
  isBehind(id: string): boolean {
    if (this.#everything || this.#specs.has(id)) return true;
    return this.#reading !== undefined && (this.#reading.everything || this.#reading.specs.includes(id));
  }

  /** Takes everything that is pending; it counts as being read until the next call of `take` or `finish`. */
  take(): Hint {
    const hint = { everything: this.#everything, specs: [...this.#specs], urgent: this.#urgent };
    this.#reading = hint;
    this.#everything = false;
    this.#urgent = false;
    this.#specs = new Set();
    return hint;
  }

  finish(): void {
    this.#reading = undefined;
  }

  /** Resolves when there is a hint, or after the time; throws the signal's reason when aborted. */
  waitForHint(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.#wait(() => this.pending, timeoutMs, signal);
  }

  /** Resolves after the time, or as soon as there is an urgent hint. */
  waitForMore(durationMs: number, signal: AbortSignal): Promise<void> {
    return this.#wait(() => this.#urgent, durationMs, signal);
  }

  #wait(isOver: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (isOver()) return resolve();
      const release = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#recheck = undefined;
      };
      const onAbort = (): void => {
        release();
        reject(signal.reason);
      };
      const onTime = (): void => {
        release();
        resolve();
      };
      this.#recheck = () => {
        if (isOver()) onTime();
      };
      const timer = setTimeout(onTime, Math.max(0, Math.min(timeoutMs, maxTimerMs)));
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/** Above this, Node.js fires a timer at once. */
const maxTimerMs = 2 ** 31 - 1;
