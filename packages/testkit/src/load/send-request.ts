import { type Agent, type IncomingMessage, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { messageOf } from '@signalbox/core';
import type { LoadTarget, RequestRecord } from './request-record.ts';

export interface SendOptions<Target extends LoadTarget> {
  readonly target: Target;
  readonly agent: Agent;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The header in which a simulated task says who it is. */
const taskHeader = 'x-task';

/**
 * One request, whatever becomes of it. Nothing is tried again: what went wrong is what a client would have seen. Rejects only when the signal is
 * aborted, with its reason.
 */
export async function sendRequest<Target extends LoadTarget>(
  options: SendOptions<Target>,
): Promise<RequestRecord<Target>> {
  const { target, signal } = options;
  signal.throwIfAborted();
  const startedAtMs = performance.now();
  try {
    const { statusCode, headers } = await exchange(options);
    const task = headers[taskHeader];
    return {
      target,
      startedAtMs,
      endedAtMs: performance.now(),
      ...(statusCode === undefined ? {} : { status: statusCode }),
      ...(typeof task === 'string' ? { task } : {}),
    };
  } catch (error) {
    signal.throwIfAborted();
    const timedOut = error instanceof NoAnswerError;
    return {
      target,
      startedAtMs,
      endedAtMs: performance.now(),
      error: messageOf(error),
      ...(timedOut ? { timedOut } : {}),
    };
  }
}

class NoAnswerError extends Error {}

/** Resolves when the whole answer is there. One listener and one timer, both gone afterwards: a load sends a million of these. */
function exchange({ target, agent, timeoutMs, signal }: SendOptions<LoadTarget>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(target.url, { agent, headers: target.headers }, (response) => {
      response.resume();
      response.on('error', fail);
      response.on('close', () => {
        if (!response.complete) return fail(new Error('the answer broke off'));
        release();
        resolve(response);
      });
    });
    const stop = (error: Error): void => {
      fail(error);
      outgoing.destroy();
    };
    const onAbort = (): void => stop(new Error('aborted'));
    const timer = setTimeout(() => stop(new NoAnswerError(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      release();
      reject(error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', fail);
    outgoing.end();
  });
}
