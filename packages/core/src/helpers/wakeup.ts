import { startTimer } from './timer.ts';

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
        const timer = startTimer(resolve, durationMs);
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
