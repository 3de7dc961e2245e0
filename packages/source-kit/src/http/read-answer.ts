import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isPipelineError } from '@signalbox/core';
import { type Agent, type Dispatcher, request } from 'undici';
import { startDeadline } from '../deadline.ts';
import { badAnswer, type FailedAnswer, networkError, type Upstream } from './failures.ts';

const unzip = promisify(gunzip);

/** 1000 apps of Marathon with 10 tasks each are about 11 MB; this leaves room for the largest cluster that was ever told of. */
const maxBodyBytes = 256 * 1024 * 1024;
/** Enough of an error page to find its message. */
const maxErrorBytes = 64 * 1024;

export interface ReadOptions {
  readonly agent: Agent;
  /** Without credentials. Errors show it without its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly upstream: Upstream;
  /** Default 256 MB. */
  readonly maxBytes?: number;
}

/** An answer with any status; of one that is not 200, only the beginning of the body. */
export interface HttpAnswer extends FailedAnswer {
  header(name: string): string | undefined;
}

/**
 * One GET with everything bounded: time, size, kind of answer. Redirects are not followed.
 *
 * @throws {SourceError} when there is no answer, or one that is not whole.
 */
export async function readAnswer(options: ReadOptions): Promise<HttpAnswer> {
  const { agent, headers, timeoutMs, signal, upstream, maxBytes = maxBodyBytes } = options;
  const url = options.url.replace(/\?.*$/, '');
  using deadline = startDeadline(signal, timeoutMs);
  let answer: Dispatcher.ResponseData | undefined;
  try {
    answer = await request(options.url, {
      dispatcher: agent,
      headers: { 'accept-encoding': 'gzip', ...headers },
      headersTimeout: timeoutMs,
      signal: deadline.signal,
    });
    const known = answer;
    const header = (name: string): string | undefined => headerOf(known, name);
    const facts = { url, status: answer.statusCode, contentType: header('content-type') ?? '', header };
    if (answer.statusCode === 200) return { ...facts, body: await readBody(answer, url, maxBytes, upstream) };
    const body = await readBody(answer, url, maxErrorBytes).catch(() => '');
    signal.throwIfAborted();
    return { ...facts, body };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.expired) throw networkError(deadline.signal.reason, url, upstream);
    // The head arrived and the rest did not: the answer is broken, the server is not unreachable.
    if (answer !== undefined && !isPipelineError(error)) {
      throw badAnswer(url, 'it ended before it was complete', upstream, error);
    }
    throw networkError(error, url, upstream);
  }
}

/** @throws {SourceError} `SOURCE_BAD_RESPONSE` when the body is not JSON. */
export function parseJson({ body, contentType, url }: FailedAnswer, upstream: Upstream): unknown {
  if (/html/i.test(contentType)) throw badAnswer(url, 'it is an HTML page', upstream);
  try {
    return JSON.parse(body);
  } catch {
    // The parser's message quotes the text, which is of no use and may be long or private.
    throw badAnswer(url, `it is not JSON, or was cut off (${body.length} characters)`, upstream);
  }
}

/** @param upstream - for a body that must be whole; without, a longer one is cut. */
async function readBody(
  answer: Dispatcher.ResponseData,
  url: string,
  limitBytes: number,
  upstream?: Upstream,
): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes) continue;
    if (upstream === undefined) break;
    throw badAnswer(url, `it is longer than ${limitBytes} bytes`, upstream);
  }
  const body = Buffer.concat(chunks, sizeBytes);
  const isZipped = headerOf(answer, 'content-encoding') === 'gzip';
  return (isZipped ? await unzip(body, { maxOutputLength: limitBytes }) : body).toString('utf8');
}

/** The first value of a header, whose name is given in lower case. */
export function headerOf(answer: Pick<Dispatcher.ResponseData, 'headers'>, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
