import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

type Action = () => void | Promise<void>;

interface Entry {
  readonly dueMs: number;
  readonly realDueMs: number;
  readonly action: Action;
}

/** How many actions may run before sockets get their turn. */
const burst = 50;

/**
 * Runs everything that takes time in the cluster, one action after another.
 *
 * Order is that of the cluster's own time, not of the machine's: an action is due at the time of the action that asked for it plus its delay,
 * however late that one ran. So a busy machine slows the cluster down and does not shuffle it.
 */
export class Scheduler {
  readonly #queue: Entry[] = [];
  readonly #followsRealTime: boolean;
  readonly #startMs = performance.now();
  readonly #watchers = new Set<() => boolean>();
  #nowMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #closed = false;

  constructor(options: { readonly followsRealTime: boolean }) {
    this.#followsRealTime = options.followsRealTime;
  }

  /** Milliseconds of cluster time since the start. */
  get nowMs(): number {
    if (this.#followsRealTime && !this.#running) {
      this.#nowMs = Math.max(this.#nowMs, performance.now() - this.#startMs);
    }
    return this.#nowMs;
  }

  /** Runs an action after a delay. Returns what takes it back. */
  after(delayMs: number, action: Action): () => void {
    if (this.#closed) return () => {};
    const entry: Entry = { dueMs: this.nowMs + delayMs, realDueMs: performance.now() + delayMs, action };
    this.#queue.splice(this.#placeOf(entry.dueMs), 0, entry);
    this.#arm();
    return () => {
      const index = this.#queue.indexOf(entry);
      if (index !== -1) this.#queue.splice(index, 1);
    };
  }

  /**
   * Calls a watcher after every action, and a last time when the scheduler is closed, until it returns true. The next action waits then until
   * those for whom it watched had their turn, so that what they do next has one place in the order.
   */
  watch(watcher: () => boolean): void {
    this.#watchers.add(watcher);
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    clearTimeout(this.#timer);
    this.#tellWatchers();
  }

  /** True if one of them is done. */
  #tellWatchers(): boolean {
    let done = false;
    for (const watcher of this.#watchers) {
      if (!watcher()) continue;
      this.#watchers.delete(watcher);
      done = true;
    }
    return done;
  }

  /** After all entries that are due at the same time, so that those keep the order in which they were asked for. */
  #placeOf(dueMs: number): number {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#queue[middle]!.dueMs <= dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #arm(): void {
    const head = this.#queue[0];
    if (head === undefined || this.#running || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, head.realDueMs - performance.now()));
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let count = 1; !this.#closed; count += 1) {
        const head = this.#queue[0];
        if (head === undefined || head.realDueMs - performance.now() > 0.5) break;
        this.#queue.shift();
        this.#nowMs = Math.max(this.#nowMs, head.dueMs);
        const pending = head.action();
        if (pending !== undefined) await pending;
        if (this.#tellWatchers() || count % burst === 0) await setImmediate();
      }
    } finally {
      this.#running = false;
      this.#arm();
    }
  }
}
