/** A signal that ends with the caller's or after a time, whichever is first. Disposing it leaves no timer and no listener. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Whether the time ran out before the caller gave up. */
  readonly expired: boolean;
  abort(reason?: unknown): void;
}

/** `AbortSignal.any` with `AbortSignal.timeout` would hold the timer for its whole time, and in Node 20 leave entries in the parent. */
export function startDeadline(parent: AbortSignal, timeoutMs?: number): Deadline {
  const controller = new AbortController();
  let expired = false;
  const onAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          expired = !controller.signal.aborted;
          controller.abort(new DOMException('the time ran out', 'TimeoutError'));
        }, timeoutMs);
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent.removeEventListener('abort', onAbort);
    },
  };
}
