import { type Agent, type IncomingMessage, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { messageOf } from '@signalbox/core';
import { timeoutPrefix } from './judge.ts';
import type { RequestRecord, Target } from './request-record.ts';

export interface SendOptions {
  readonly target: Target;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The header in which a simulated task says who it is. */
const taskHeader = 'x-task';

/** One request, whatever becomes of it. Nothing is tried again: what went wrong is what a client would have seen. Rejects only on abort. */
export async function sendRequest({ target, agent, timeoutMs, signal }: SendOptions): Promise<RequestRecord> {
  signal.throwIfAborted();
  const startedAtMs = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`${timeoutPrefix} ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await exchange(target, agent, AbortSignal.any([signal, limit.signal]));
    const task = response.headers[taskHeader];
    return {
      target,
      startedAtMs,
      endedAtMs: performance.now(),
      ...(response.statusCode === undefined ? {} : { status: response.statusCode }),
      ...(typeof task === 'string' ? { task } : {}),
    };
  } catch (error) {
    signal.throwIfAborted();
    const reason = limit.signal.aborted ? limit.signal.reason : error;
    return { target, startedAtMs, endedAtMs: performance.now(), error: messageOf(reason) };
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the whole answer is there. */
function exchange(target: Target, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
  const { address, port, path, host } = target;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: address, port, path, agent, signal, headers: { host } }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('close', () => {
        if (response.complete) resolve(response);
        else reject(new Error('the answer broke off'));
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
