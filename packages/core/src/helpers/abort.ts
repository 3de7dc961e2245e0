import { startTimer } from './timer.ts';

/** True for what an aborted wait throws. Aborting is not an error: check this before reporting anything. */
export function isAbortError(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted && error === signal.reason) return true;
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'));
}

/** Waits, and throws the signal's reason as soon as it is aborted. Leaves no timer and no listener behind. */
export function delay(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = startTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Settles like the promise, or resolves when the time has passed. The promise goes on by itself; its rejection is then ignored. */
export async function waitAtMost(promise: Promise<unknown>, durationMs: number): Promise<void> {
  const limit = new AbortController();
  try {
    await Promise.race([promise, delay(durationMs, limit.signal)]);
  } finally {
    limit.abort();
  }
}

/** Settles like the promise, or throws the signal's reason as soon as it is aborted. */
export function withAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    // Taken in any case: a promise that rejects after the abort must not end the process as an unhandled rejection.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
