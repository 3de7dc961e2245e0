import { type ErrorCode, isPipelineError, messageOf, SourceError } from '@signalbox/core';
import { isObject, textOf } from '../mapping/read-fields.ts';

export interface FailedAnswer {
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  /** As much of the body as was read. */
  readonly body: string;
}

/** Longest piece of an upstream's text that goes into a message. */
const excerptLength = 200;

/** What Marathon, a proxy in front of it, or something else that answers at its address means by a status other than 200. */
export function statusError(answer: FailedAnswer): SourceError {
  const { url, status } = answer;
  const said = explanationOf(answer);
  const message = `reading ${url}: the answer is ${status}${said === '' ? '' : ` "${said}"`}`;
  const fail = (code: ErrorCode, hint: string, retryable?: boolean): SourceError =>
    new SourceError(message, { code, url, status, hint, ...(retryable !== undefined && { retryable }) });

  if (status === 401 || status === 403) return fail('SOURCE_UNAUTHORIZED', 'check the credentials and their rights');
  // An unknown route is 404 up to 1.5 and 500 from 1.6 on, which is then no fault of the server (`MarathonExceptionMapper.scala`).
  if (status === 404 || (status === 500 && said.startsWith('URI not found'))) {
    return fail('SOURCE_NOT_FOUND', 'check that the URL, with its path prefix, is that of a Marathon');
  }
  if (status === 422 || status === 400) {
    return fail('SOURCE_BAD_RESPONSE', 'check the option "label": Marathon does not understand the request', false);
  }
  if (status === 504 || status === 408) return fail('SOURCE_TIMEOUT', 'check the load of the leading Marathon');
  if (status === 429 || status >= 500) {
    return fail('SOURCE_UNREACHABLE', 'wait for a leader, or check the logs of Marathon');
  }
  if (status >= 300 && status < 400) {
    return fail('SOURCE_BAD_RESPONSE', 'use the URL that it leads to; redirects are not followed here');
  }
  return fail('SOURCE_BAD_RESPONSE', 'check what answers at this URL');
}

/** The `message` of a JSON body, the title of an HTML one (Jetty puts the reason there), or the beginning of the text. */
export function explanationOf({ contentType, body }: Pick<FailedAnswer, 'contentType' | 'body'>): string {
  const text = /json/i.test(contentType)
    ? jsonMessageOf(body)
    : (/<title>\s*([^<]*)/i.exec(body)?.[1] ?? plainText(body));
  // A foreign text must not steer a terminal.
  return (text ?? plainText(body))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, excerptLength);
}

/** A request that got no answer, or not the whole of it. Errors that were classified before stay as they are. */
export function networkError(error: unknown, url: string): SourceError {
  if (isPipelineError(error)) return error as SourceError;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const timedOut = /TIMEOUT|ETIMEDOUT/.test(code) || (error instanceof Error && error.name === 'TimeoutError');
  if (timedOut) {
    return new SourceError(`reading ${url}: no answer in time`, {
      code: 'SOURCE_TIMEOUT',
      url,
      cause: error,
      hint: 'check the network, or raise "requestTimeoutMs"',
    });
  }
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS/.test(code);
  return new SourceError(`reading ${url}: ${messageOf(error) || code}`, {
    code: 'SOURCE_UNREACHABLE',
    url,
    cause: error,
    hint: certificate
      ? 'check the options "tls.ca" and "tls.serverName"'
      : 'check that Marathon runs and can be reached',
  });
}

export function badAnswer(url: string, what: string, cause?: unknown): SourceError {
  return new SourceError(`reading the answer of ${url}: ${what}`, {
    code: 'SOURCE_BAD_RESPONSE',
    url,
    hint: 'check what answers at this URL; it is not taken for "no apps"',
    ...(cause !== undefined && { cause }),
  });
}

/**
 * One error for a request that no master could answer. If any of them may do better later, so may the whole;
 * else a single master with a wrong password would end a run that waits for another one to come back.
 */
export function combineErrors(errors: readonly SourceError[]): SourceError {
  const [first] = errors;
  if (first === undefined) throw new RangeError('combining no errors');
  if (errors.length === 1) return first;
  const chosen = errors.find((error) => error.retryable) ?? first;
  return new SourceError(`no master could be read: ${errors.map((error) => error.message).join('; ')}`, {
    code: chosen.code,
    retryable: chosen.retryable,
    cause: chosen,
    ...(chosen.url !== undefined && { url: chosen.url }),
    ...(chosen.status !== undefined && { status: chosen.status }),
    ...(chosen.hint !== undefined && { hint: chosen.hint }),
  });
}

function jsonMessageOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'string' ? value : isObject(value) ? textOf(value.message) : undefined;
  } catch {
    return undefined;
  }
}

function plainText(body: string): string {
  return body.replace(/<script[\s\S]*?<\/script>|<[^>]*>/gi, ' ');
}
