/** Lets one loop sleep until a time has passed or somebody wakes it. A call of `wake` before `sleep` is not lost. */
export class Wakeup {
  #pending = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  /** Resolves early, without an error, when the signal is aborted. */
  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        // setTimeout turns a longer wait into none at all.
        const timer = setTimeout(resolve, Math.min(durationMs, 2 ** 31 - 1));
        const end = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#resolve = end;
        signal.addEventListener('abort', end, { once: true });
        this.#removeAbortListener = () => signal.removeEventListener('abort', end);
      });
      this.#removeAbortListener?.();
    }
    this.#pending = false;
    this.#resolve = undefined;
  }

  #removeAbortListener: (() => void) | undefined;
}
