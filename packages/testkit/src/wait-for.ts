import { delay, messageOf } from '@signalbox/core';

export interface WaitOptions {
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Default 5. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
  /** What is waited for, for the error: `waiting for <description>`. */
  readonly description?: string | (() => string);
}

/**
 * Asks until the condition gives something other than `undefined`, `null` or `false`, and resolves to that.
 * A condition that throws counts as not met; its last error becomes the cause.
 */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  options: WaitOptions = {},
): Promise<Exclude<Value, undefined | null | false>> {
  const { timeoutMs = 5_000, intervalMs = 5, signal, description = 'a condition' } = options;
  const startedAt = performance.now();
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<Value, undefined | null | false>;
      }
    } catch (error) {
      cause = error;
    }
    signal?.throwIfAborted();
    if (performance.now() - startedAt >= timeoutMs) {
      const subject = typeof description === 'string' ? description : description();
      const because = cause === undefined ? '' : `: ${messageOf(cause)}`;
      throw new Error(`waiting for ${subject}: not met after ${timeoutMs} ms${because}`, { cause });
    }
    await delay(intervalMs, signal);
  }
}
