import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { delay, isAbortError } from '@signalbox/core';
import type { RequestRecord, Target } from './request-record.ts';
import { sendRequest } from './send-request.ts';

export interface LoadOptions {
  /** Time from one request of a client to its next; a client that waits for an answer sends none. */
  readonly intervalMs: number;
  /** Default 10000. */
  readonly timeoutMs?: number;
  /** Requests after which a client rests. */
  readonly maxRequestsPerClient: number;
  readonly onRecord: (record: RequestRecord) => void;
  /** Aborts requests in flight; those are not recorded. */
  readonly signal: AbortSignal;
}

/** Clients that ask steadily. Bounded in rate and in number: it is there to notice, not to press. */
export interface Load {
  /** Starts one client for each target. */
  add(targets: readonly Target[]): void;
  /** Ends all clients after the requests that are in flight. */
  stop(): Promise<void>;
}

export function createLoad(options: LoadOptions): Load {
  const stopping = new AbortController();
  const clients: Promise<void>[] = [];
  const { intervalMs } = options;
  return {
    add(targets) {
      // Spread over the interval, so that requests come one by one.
      for (const [index, target] of targets.entries()) {
        clients.push(runClient(target, (index * intervalMs) / targets.length, stopping.signal, options));
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(clients);
    },
  };
}

async function runClient(target: Target, offsetMs: number, stopping: AbortSignal, options: LoadOptions): Promise<void> {
  const { intervalMs, timeoutMs = 10_000, maxRequestsPerClient, onRecord, signal } = options;
  const agent = new Agent({ keepAlive: target.client === 'keep-alive', maxSockets: 1 });
  const ending = AbortSignal.any([stopping, signal]);
  let dueMs = performance.now() + offsetMs;
  try {
    for (let count = 0; count < maxRequestsPerClient; count += 1) {
      await delay(Math.max(0, dueMs - performance.now()), ending);
      onRecord(await sendRequest({ target, agent, timeoutMs, signal }));
      dueMs = Math.max(dueMs + intervalMs, performance.now());
    }
  } catch (error) {
    if (!ending.aborted && !isAbortError(error)) throw error;
  } finally {
    agent.destroy();
  }
}
