import { PipelineError } from '../errors/pipeline-error.ts';
import { delay, withAbort } from './abort.ts';
import { childController } from './abort-controller.ts';
import { type BackoffOptions, backoffBoundMs, backoffMs } from './backoff.ts';

export interface RestartOptions<Value> {
  /** Starts one attempt. Its signal ends with the attempt, so that what the attempt left open goes with it. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Value>;
  readonly onValue: (value: Value) => void;
  /**
   * Told about every failure, and about an end that nobody asked for (`undefined`).
   * Returns the wait before the next attempt, at least; throws to give up.
   */
  readonly onFailure: (error: unknown, attempt: number, waitMs: number) => number;
  readonly backoff?: BackoffOptions;
  readonly signal: AbortSignal;
}

/** Consumes an async iterable for as long as the signal allows, and opens it again, with backoff, when it throws or ends. */
export async function consumeWithRestart<Value>(options: RestartOptions<Value>): Promise<void> {
  const { open, onValue, onFailure, backoff, signal } = options;
  let attempt = 0;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const { controller, release } = childController(signal);
    let failure: unknown;
    try {
      await consume(open(controller.signal), onValue, controller.signal);
    } catch (error) {
      failure = error;
    } finally {
      controller.abort();
      release();
    }
    if (signal.aborted) return;
    // What lived longer than the wait before it had recovered; what fails at once, again and again, waits longer and longer.
    const livedMs = performance.now() - startedAt;
    attempt = attempt > 0 && livedMs >= backoffBoundMs(attempt - 1, backoff) ? 1 : attempt + 1;
    const waitMs = onFailure(failure, attempt, backoffMs(attempt - 1, backoff));
    await delay(waitMs, signal).catch(() => {});
  }
}

async function consume<Value>(
  values: AsyncIterable<Value>,
  onValue: (value: Value) => void,
  signal: AbortSignal,
): Promise<void> {
  if (typeof values?.[Symbol.asyncIterator] !== 'function') {
    // An `async watch` without the star gives a promise, and a rejection that nobody takes would end the process.
    Promise.resolve(values).catch(() => {});
    throw new PipelineError('what was opened is not an async iterable', {
      code: 'PLUGIN_CONTRACT',
      hint: 'write watch and changes as async generators, with a star: async *watch(context)',
    });
  }
  const iterator = values[Symbol.asyncIterator]();
  try {
    for (;;) {
      // The race matters: an iterator that does not heed the signal must not keep the pipeline from ending.
      const { done, value } = await withAbort(iterator.next(), signal);
      if (done) return;
      onValue(value);
    }
  } finally {
    // Not awaited: `return` waits behind a pending `next`, which may never settle.
    iterator.return?.().then(undefined, () => {});
  }
}
