import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { delay, isAbortError, withAbort } from './abort.ts';
import { childController } from './abort-controller.ts';

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

describe('isAbortError', () => {
  test('knows the reason of its signal, whatever it is', () => {
    const controller = new AbortController();
    controller.abort('enough');
    expect(isAbortError('enough', controller.signal)).toBe(true);
    expect(isAbortError('enough')).toBe(false);
  });

  test('knows what Node and the web throw', async () => {
    expect(isAbortError(AbortSignal.abort().reason)).toBe(true);
    expect(isAbortError(Object.assign(new Error('x'), { code: 'ABORT_ERR' }))).toBe(true);
  });

  test('takes no time-out and no other error for an abort', () => {
    const controller = new AbortController();
    expect(isAbortError(new DOMException('late', 'TimeoutError'), controller.signal)).toBe(false);
    expect(isAbortError(undefined, controller.signal)).toBe(false);
    controller.abort();
    expect(isAbortError(new Error('reading'), controller.signal)).toBe(false);
  });
});

describe('delay', () => {
  test('resolves, and leaves no listener', async () => {
    const { signal } = new AbortController();
    await delay(1, signal);
    expect(listeners(signal)).toBe(0);
  });

  test('throws the reason at once when it is aborted', async () => {
    const controller = new AbortController();
    const waiting = delay(3_600_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    await expect(delay(3_600_000, controller.signal)).rejects.toThrow('stop');
  });
});

describe('withAbort', () => {
  test('settles like the promise, and leaves no listener', async () => {
    const { signal } = new AbortController();
    expect(await withAbort(Promise.resolve(5), signal)).toBe(5);
    await expect(withAbort(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
    expect(listeners(signal)).toBe(0);
  });

  test('throws the reason when it is aborted first', async () => {
    const controller = new AbortController();
    const waiting = withAbort(new Promise(() => {}), controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(listeners(controller.signal)).toBe(0);
  });

  test('leaves no rejection unhandled, not even for a signal that is aborted already', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    try {
      const late = new Promise((_, reject) => setImmediate(() => reject(new Error('late'))));
      await expect(withAbort(late, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listener);
    }
  });
});

describe('childController', () => {
  test('aborts with its parent, for the same reason', () => {
    const parent = new AbortController();
    const { controller } = childController(parent.signal);
    parent.abort('over');
    expect(controller.signal.reason).toBe('over');
    expect(childController(parent.signal).controller.signal.reason).toBe('over');
  });

  test('aborts alone, and lets go of its parent', () => {
    const parent = new AbortController();
    const { controller, release } = childController(parent.signal);
    controller.abort();
    expect(parent.signal.aborted).toBe(false);
    release();
    expect(listeners(parent.signal)).toBe(0);
  });
});
