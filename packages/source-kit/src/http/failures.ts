import { isPipelineError, messageOf, SourceError } from '@signalbox/core';
import { tlsHint, tlsReason } from './tls-hints.ts';

/** How messages and hints speak of the other side. */
export interface Upstream {
  /** For example `Marathon`. */
  readonly system: string;
  /** What an answer that cannot be read is not taken for, for example `no apps`. */
  readonly nothing: string;
  /** What to check when it cannot be reached. Default that it runs and can be reached. */
  readonly reachHint?: string;
  /** What to check when it refuses the credentials. Default the credentials. */
  readonly credentialsHint?: string;
}

export interface FailedAnswer {
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  /** As much of the body as was read. */
  readonly body: string;
}

/** Longest piece of an upstream's text that goes into a message. */
const excerptLength = 200;

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
export function networkError(error: unknown, url: string, { system, reachHint }: Upstream): SourceError {
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
  const hint = reachHint ?? `check that ${system} runs and can be reached`;
  return new SourceError(`reading ${url}: ${tlsReason(error) ?? (messageOf(error) || code)}`, {
    code: 'SOURCE_UNREACHABLE',
    url,
    cause: error,
    hint: tlsHint(code, url, hint) ?? hint,
  });
}

export function badAnswer(url: string, what: string, { nothing }: Upstream, cause?: unknown): SourceError {
  return new SourceError(`reading the answer of ${url}: ${what}`, {
    code: 'SOURCE_BAD_RESPONSE',
    url,
    hint: `check what answers at this URL; it is not taken for "${nothing}"`,
    ...(cause !== undefined && { cause }),
  });
}

/** For an answer whose status says that it is none. Its body must not hold what was sent to it: see `withoutCredentials`. */
export function statusError(answer: FailedAnswer, { system, credentialsHint }: Upstream): SourceError {
  const { url, status } = answer;
  const said = explanationOf(answer);
  const message = `reading ${url}: the answer is ${status}${said === '' ? '' : ` "${said}"`}`;
  if (status === 401 || status === 403) {
    const hint = credentialsHint ?? 'check the credentials';
    return new SourceError(message, { code: 'SOURCE_UNAUTHORIZED', url, status, hint });
  }
  if (status === 429 || status >= 500) {
    const hint = `check the logs of ${system}, or of the proxy in front of it`;
    return new SourceError(message, { code: 'SOURCE_UNREACHABLE', url, status, hint });
  }
  return new SourceError(message, { code: 'SOURCE_BAD_RESPONSE', url, status, hint: 'check what answers at this URL' });
}

/**
 * One error for a request that nobody could answer. If any of them may do better later, so may the whole;
 * else a single server with a wrong password would end a run that waits for another one to come back.
 */
export function combineErrors(errors: readonly SourceError[], summary: string): SourceError {
  const [first] = errors;
  if (first === undefined) throw new RangeError('combining no errors');
  if (errors.length === 1) return first;
  const chosen = errors.find((error) => error.retryable) ?? first;
  return new SourceError(`${summary}: ${errors.map((error) => error.message).join('; ')}`, {
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
    if (typeof value === 'string') return value;
    const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

function plainText(body: string): string {
  return body.replace(/<script[\s\S]*?<\/script>|<[^>]*>/gi, ' ');
}
