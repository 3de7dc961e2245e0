import { withAbort } from './abort.ts';

/** One versioned value: latest wins, there is no queue. Whoever is slow skips to the newest. */
export class Cell<Value> {
  #value: Value | undefined;
  #version = 0;
  #waiters = new Set<() => void>();

  get value(): Value | undefined {
    return this.#value;
  }

  /** 0 until something was set. */
  get version(): number {
    return this.#version;
  }

  set(value: Value): void {
    this.#value = value;
    this.#version += 1;
    const waiters = this.#waiters;
    this.#waiters = new Set();
    for (const wake of waiters) wake();
  }

  /** Resolves once the version is above the one given. */
  async changedSince(version: number, signal: AbortSignal): Promise<void> {
    while (this.#version <= version) {
      let wake: () => void = () => {};
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      this.#waiters.add(wake);
      try {
        await withAbort(changed, signal);
      } finally {
        this.#waiters.delete(wake);
      }
    }
  }
}
