import type { SourceError } from '@signalbox/core';
import { type FailedAnswer, parseJson, readAnswer, withoutCredentials } from '@signalbox/source-kit';
import type { Agent } from 'undici';
import { sendAuthorized } from '../auth/send-authorized.ts';
import { statusError, upstream } from './failures.ts';
import type { Master } from './master.ts';

export interface JsonAnswer {
  readonly value: unknown;
  /** `host:port` of the leader, as the leader announces itself. */
  readonly leader?: string;
}

export interface GetOptions {
  readonly agent: Agent;
  readonly master: Master;
  /** Starts with `/v2/`; may carry a query. */
  readonly path: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An answer that says no. Kept whole, because a 404 with Marathon's own words is a fact and not a failure. */
export class RefusedAnswer extends Error {
  readonly answer: FailedAnswer;

  constructor(answer: FailedAnswer) {
    super(`the answer is ${answer.status}`);
    this.answer = answer;
  }

  toSourceError(): SourceError {
    return statusError(this.answer);
  }
}

/**
 * One GET with everything bounded: time, size, kind of answer. Sent once more when its credentials had to be renewed.
 *
 * @throws {RefusedAnswer} for every status but 200.
 * @throws {SourceError} when there is no answer, or one that is not whole and not JSON.
 */
export async function getJson(options: GetOptions): Promise<JsonAnswer> {
  const answer = await sendAuthorized(
    options.master.credentials,
    options,
    (authorization) => send(options, authorization),
    (sent) => sent instanceof RefusedAnswer && sent.answer.status === 401,
  );
  if (answer instanceof RefusedAnswer) throw answer;
  return answer;
}

async function send(
  { agent, master, path, timeoutMs, signal }: GetOptions,
  authorization: string | undefined,
): Promise<JsonAnswer | RefusedAnswer> {
  const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
  const answer = await readAnswer({ agent, url: `${master.url}${path}`, headers, timeoutMs, signal, upstream });
  if (answer.status !== 200) {
    return new RefusedAnswer({ ...answer, body: withoutCredentials(answer.body, authorization) });
  }
  const leader = hostOf(answer.header('x-marathon-leader'));
  return { value: parseJson(answer, upstream), ...(leader !== undefined && { leader }) };
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host.toLowerCase() : undefined;
}
