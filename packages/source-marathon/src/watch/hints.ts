/** What has to be read again, collected while something else is being read. */
export interface Hint {
  readonly everything: boolean;
  readonly apps: readonly string[];
}

export class Hints {
  #apps = new Set<string>();
  #everything = false;
  #wake: (() => void) | undefined;

  get pending(): boolean {
    return this.#everything || this.#apps.size > 0;
  }

  add({ everything, apps }: Hint): void {
    if (everything) this.#everything = true;
    for (const app of apps) this.#apps.add(app);
    if (this.pending) this.#wake?.();
  }

  take(): Hint {
    const hint = { everything: this.#everything, apps: [...this.#apps] };
    this.#everything = false;
    this.#apps = new Set();
    return hint;
  }

  /** Resolves when there is a hint, or after the time; throws the signal's reason when aborted. One waiter at a time. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.pending) return resolve();
      const settle = (act: () => void) => (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#wake = undefined;
        act();
      };
      const onAbort = settle(() => reject(signal.reason));
      this.#wake = settle(resolve);
      const timer = setTimeout(this.#wake, Math.max(0, Math.min(timeoutMs, 2 ** 31 - 1)));
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
