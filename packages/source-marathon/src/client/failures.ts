import { type ErrorCode, SourceError } from '@signalbox/core';
import {
  badAnswer as badAnswerOf,
  combineErrors as combine,
  explanationOf,
  type FailedAnswer,
  networkError as networkErrorOf,
} from '@signalbox/source-kit';

/** How messages and hints speak of the other side. */
export const upstream = { system: 'Marathon', nothing: 'no apps' };

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

/** A request that got no answer, or not the whole of it. Errors that were classified before stay as they are. */
export function networkError(error: unknown, url: string): SourceError {
  return networkErrorOf(error, url, upstream);
}

export function badAnswer(url: string, what: string, cause?: unknown): SourceError {
  return badAnswerOf(url, what, upstream, cause);
}

/** One error for a request that no master could answer. */
export function combineErrors(errors: readonly SourceError[]): SourceError {
  return combine(errors, 'no master could be read');
}
