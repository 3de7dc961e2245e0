import { delay } from '@signalbox/core';

export interface ReloadGateOptions {
  /** Least time from the end of one reload to the start of the next; 0 is for whoever wants no distance at all. Default 2000. */
  readonly minIntervalMs?: number;
  /** The interval is at least this many times the duration of the last reload. Default 5; 0 without a `minIntervalMs`. */
  readonly durationFactor?: number;
  /** Random share added to the interval, 0 to 1, so that many hosts do not reload together. Default 0.1. */
  readonly jitter?: number;
  /** Milliseconds of a clock that never goes back. Injected by tests. */
  readonly now?: () => number;
  /** 0 inclusive to 1 exclusive. Injected by tests. */
  readonly random?: () => number;
  /** Throws the signal's reason when aborted. Injected by tests. */
  readonly sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** What an operator says of it, in the time that may be added at random. */
export function toGateOptions(reload: {
  readonly minIntervalMs: number;
  readonly jitterMs: number;
}): ReloadGateOptions {
  const { minIntervalMs, jitterMs } = reload;
  return { minIntervalMs, jitter: minIntervalMs === 0 ? 0 : Math.min(1, jitterMs / minIntervalMs) };
}

/** What has to happen in a reload. The signal is aborted when nobody waits for it any more. */
export type Reload = (signal: AbortSignal) => Promise<void>;

export interface ReloadGate {
  /**
   * Runs the reload as soon as the interval allows, never two at once. Calls that wait at the same time share one
   * reload: the newest function runs, once, and all get its outcome. Aborting takes only this caller out.
   */
  run(reload: Reload, signal: AbortSignal): Promise<void>;
  /** Milliseconds until the interval is over; 0 before the first reload. */
  readonly waitMs: number;
}

/** One reload that callers share. */
interface Ticket {
  reload: Reload;
  callers: number;
  readonly controller: AbortController;
  readonly outcome: Promise<void>;
}

export function createReloadGate(options: ReloadGateOptions = {}): ReloadGate {
  const { minIntervalMs = 2_000, durationFactor = minIntervalMs === 0 ? 0 : 5, jitter = 0.1 } = options;
  const { now = () => performance.now(), random = Math.random, sleep = delay } = options;
  let waiting: Ticket | undefined;
  let running: Promise<void> = Promise.resolve();
  let openAtMs = Number.NEGATIVE_INFINITY;

  function join(reload: Reload): Ticket {
    if (waiting !== undefined) {
      waiting.reload = reload;
      return waiting;
    }
    const controller = new AbortController();
    const ticket: Ticket = { reload, callers: 0, controller, outcome: Promise.resolve().then(() => take(ticket)) };
    // Every caller may have left by the time it ends.
    ticket.outcome.catch(() => {});
    waiting = ticket;
    return ticket;
  }

  async function take(ticket: Ticket): Promise<void> {
    const { signal } = ticket.controller;
    try {
      await running;
      for (let rest = openAtMs - now(); rest > 0; rest = openAtMs - now()) await sleep(rest, signal);
      signal.throwIfAborted();
    } finally {
      if (waiting === ticket) waiting = undefined;
    }
    const startedAtMs = now();
    const outcome = ticket.reload(signal).finally(() => {
      const endedAtMs = now();
      const intervalMs = Math.max(minIntervalMs, durationFactor * (endedAtMs - startedAtMs));
      openAtMs = endedAtMs + intervalMs * (1 + jitter * random());
    });
    running = outcome.catch(() => {});
    await outcome;
  }

  function run(reload: Reload, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const ticket = join(reload);
      ticket.callers += 1;
      const onAbort = (): void => {
        ticket.callers -= 1;
        if (ticket.callers === 0) {
          // Nobody may join what is about to be aborted.
          if (waiting === ticket) waiting = undefined;
          ticket.controller.abort(signal.reason);
        }
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      ticket.outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  return {
    run,
    get waitMs() {
      return Math.max(0, openAtMs - now());
    },
  };
}
