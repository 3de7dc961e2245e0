import { isHandover, type Sink } from '@signalbox/core';
import type { FileFollower } from '../files/file-follower.ts';
import type { TargetLock } from '../lock/target-lock.ts';

/** The longest that the end of Signalbox waits for a managed proxy to end. */
const stopTimeoutMs = 15_000;

export interface ProxySinkOptions extends Omit<Sink, typeof Symbol.asyncDispose> {
  readonly follower: Pick<FileFollower, 'flush'>;
  readonly lock: Pick<TargetLock, 'isHeld' | 'release'>;
  /** Ends the sink's own connections to the proxy. */
  close?(): Promise<void>;
  /** Ends the proxy itself; only where it is to end with Signalbox. */
  readonly stop: ((options: { readonly signal: AbortSignal }) => Promise<unknown>) | undefined;
}

/** A sink that ends as every one must that manages a proxy: files first, then connections, then perhaps the proxy, then the lock. */
export function createProxySink({ follower, lock, close, stop, ...sink }: ProxySinkOptions): Sink {
  /** Of the pipeline that this sink works for; its reason says how that ended. */
  let pipelineSignal: AbortSignal | undefined;
  return {
    ...sink,
    plan(catalog, context) {
      pipelineSignal = context.signal;
      return sink.plan(catalog, context);
    },
    async [Symbol.asyncDispose]() {
      try {
        await follower.flush();
      } finally {
        await close?.();
        // Who only looked, or was refused, must not end the proxy of a Signalbox that runs.
        const isOurs = stop !== undefined && (await lock.isHeld());
        if (isOurs && !isHandover(pipelineSignal?.reason)) await stop({ signal: AbortSignal.timeout(stopTimeoutMs) });
        await lock.release();
      }
    },
  };
}
