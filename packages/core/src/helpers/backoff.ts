export interface BackoffOptions {
  /** Upper bound of the first wait. Default 500. */
  readonly initialMs?: number;
  /** Upper bound of every wait. Default 10000. */
  readonly maxMs?: number;
  /** 0 inclusive to 1 exclusive; injected by tests. */
  readonly random?: () => number;
}

/** Also what a pipeline takes for `retry`. */
export const retryDefaults: { readonly initialMs: number; readonly maxMs: number } = { initialMs: 500, maxMs: 10_000 };

/** Exponential with full jitter: a wait between 0 and {@link backoffBoundMs}. `attempt` counts from 0. */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { random = Math.random } = options;
  return Math.round(random() * backoffBoundMs(attempt, options));
}

/** `initialMs * 2^attempt`, never above `maxMs`. */
export function backoffBoundMs(attempt: number, options: BackoffOptions = {}): number {
  const { initialMs = retryDefaults.initialMs, maxMs = retryDefaults.maxMs } = options;
  return Math.min(maxMs, initialMs * 2 ** Math.min(attempt, 30));
}
