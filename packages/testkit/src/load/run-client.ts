import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { delay, isAbortError } from '@signalbox/core';
import type { LoadTarget, RequestRecord } from './request-record.ts';
import { sendRequest } from './send-request.ts';

export interface ClientOptions<Target extends LoadTarget> {
  readonly target: Target;
  /** Time from one request to the next; 0 asks again as soon as there is an answer. */
  readonly intervalMs: number;
  /** Wait before the first request. */
  readonly offsetMs: number;
  readonly timeoutMs: number;
  /** Asked before each request: whether it may be sent. */
  readonly mayStart: () => boolean;
  readonly onRecord: (record: RequestRecord<Target>) => void;
  /** Requests that were not sent because the answer to the one before took longer than the interval. */
  readonly onSkip: (count: number) => void;
  /** Ends the client after the request that is in flight. */
  readonly stopping: AbortSignal;
  /** Ends it at once; what is in flight is not recorded. */
  readonly signal: AbortSignal;
}

/** One client with at most one connection: it waits for its answer, and sends no more than that. Resolves when it has ended. */
export async function runClient<Target extends LoadTarget>(options: ClientOptions<Target>): Promise<void> {
  const { target, intervalMs, offsetMs, timeoutMs, mayStart, onRecord, onSkip, stopping, signal } = options;
  const agent = new Agent({ keepAlive: target.keepAlive ?? true, maxSockets: 1 });
  let dueMs = performance.now() + offsetMs;
  try {
    for (;;) {
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await delay(waitMs, stopping);
      if (stopping.aborted || !mayStart()) return;
      onRecord(await sendRequest({ target, agent, timeoutMs, signal }));
      dueMs += intervalMs;
      const lateMs = performance.now() - dueMs;
      if (intervalMs === 0) dueMs = 0;
      else if (lateMs > intervalMs) {
        const missed = Math.floor(lateMs / intervalMs);
        onSkip(missed);
        dueMs += missed * intervalMs;
      }
    }
  } catch (error) {
    if (!stopping.aborted && !isAbortError(error, signal)) throw error;
  } finally {
    agent.destroy();
  }
}
