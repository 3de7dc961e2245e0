import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isPipelineError, type SourceError } from '@signalbox/core';
import { type Agent, type Dispatcher, request } from 'undici';
import { withoutCredentials } from '../auth/header-values.ts';
import { sendAuthorized } from '../auth/send-authorized.ts';
import { startDeadline } from './deadline.ts';
import { badAnswer, type FailedAnswer, networkError, statusError } from './failures.ts';
import type { Master } from './master.ts';

const unzip = promisify(gunzip);

/** 1000 apps with 10 tasks each are about 11 MB; this leaves room for the largest cluster that was ever told of. */
const maxBodyBytes = 256 * 1024 * 1024;
/** Enough of an error page to find its message. */
const maxErrorBytes = 64 * 1024;

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
  const url = `${master.url}${path.replace(/\?.*$/, '')}`;
  using deadline = startDeadline(signal, timeoutMs);
  let answer: Dispatcher.ResponseData | undefined;
  try {
    answer = await request(`${master.url}${path}`, {
      dispatcher: agent,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        ...(authorization !== undefined && { authorization }),
      },
      headersTimeout: timeoutMs,
      signal: deadline.signal,
    });
    const contentType = headerOf(answer, 'content-type') ?? '';
    if (answer.statusCode !== 200) {
      const body = await readBody(answer, url, maxErrorBytes, 'cut').catch(() => Buffer.alloc(0));
      signal.throwIfAborted();
      const text = withoutCredentials(body.toString('utf8'), authorization);
      return new RefusedAnswer({ url, status: answer.statusCode, contentType, body: text });
    }
    const text = (await readBody(answer, url, maxBodyBytes, 'refuse')).toString('utf8');
    const leader = hostOf(headerOf(answer, 'x-marathon-leader'));
    return { value: parse(text, contentType, url), ...(leader !== undefined && { leader }) };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.expired) throw networkError(deadline.signal.reason, url);
    // The head arrived and the rest did not: the answer is broken, the master is not unreachable.
    if (answer !== undefined && !isPipelineError(error)) throw badAnswer(url, 'it ended before it was complete', error);
    throw networkError(error, url);
  }
}

export function headerOf(answer: Dispatcher.ResponseData, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parse(text: string, contentType: string, url: string): unknown {
  if (/html/i.test(contentType)) throw badAnswer(url, 'it is an HTML page');
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is of no use and may be long or private.
    throw badAnswer(url, `it is not JSON, or was cut off (${text.length} characters)`);
  }
}

async function readBody(
  answer: Dispatcher.ResponseData,
  url: string,
  limitBytes: number,
  beyond: 'cut' | 'refuse',
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes) continue;
    if (beyond === 'cut') break;
    throw badAnswer(url, `it is longer than ${limitBytes} bytes`);
  }
  const body = Buffer.concat(chunks, sizeBytes);
  return headerOf(answer, 'content-encoding') === 'gzip' ? await unzip(body, { maxOutputLength: limitBytes }) : body;
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host.toLowerCase() : undefined;
}
