import { sign } from 'node:crypto';
import { SourceError } from '@signalbox/core';
import { showUrl, startDeadline } from '@signalbox/source-kit';
import { request } from 'undici';
import { badAnswer, networkError, statusError } from '../client/failures.ts';
import { isObject, numberOf, textOf } from '../mapping/read-fields.ts';
import type { CredentialsContext } from './credentials.ts';
import type { Account } from './read-account.ts';

export interface LogInOptions extends CredentialsContext {
  readonly account: Account;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** How long a login JWT is good for. DC/OS asks for a short time; clocks may differ by some of it. */
const loginLifetimeSeconds = 60;
/** A token is about 1 kB. */
const maxAnswerCharacters = 64 * 1024;

/**
 * Logs a DC/OS service account in (`dcos-integration-test`, `test_iam.py`). Neither the JWT that is sent nor any text of the
 * answer goes into an error: a refusal may quote what it refuses.
 *
 * @returns the authentication token
 * @throws {SourceError} `SOURCE_UNAUTHORIZED` when the account or its key is refused; others when there is no usable answer.
 */
export async function logIn({ agent, timeoutMs, signal, account, url, nowMs }: LogInOptions): Promise<string> {
  const shown = showUrl(url);
  const { uid } = account;
  using deadline = startDeadline(signal, timeoutMs);
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ uid, token: signLogin(account, nowMs) }),
      headersTimeout: timeoutMs,
      signal: deadline.signal,
    });
    const text = await readText(answer.body);
    if (answer.statusCode !== 200) throw refusal(shown, uid, answer.statusCode);
    const token = tokenOf(text);
    if (token === undefined) throw badAnswer(shown, 'it has no "token"');
    return token;
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(deadline.expired ? deadline.signal.reason : error, shown);
  }
}

/** When a DC/OS token ends, epoch milliseconds; absent when it does not say. Its signature is the server's to check. */
export function expiryOf(token: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const seconds = isObject(payload) ? numberOf(payload.exp) : undefined;
    return seconds === undefined ? undefined : seconds * 1_000;
  } catch {
    return undefined;
  }
}

function signLogin({ uid, key }: Account, nowMs: number): string {
  const header = encode({ alg: 'RS256', typ: 'JWT' });
  const payload = encode({ uid, exp: Math.floor(nowMs / 1_000) + loginLifetimeSeconds });
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), key).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

async function readText(body: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length > maxAnswerCharacters) break;
  }
  return text;
}

function tokenOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const token = isObject(value) ? textOf(value.token) : undefined;
    // It becomes part of a header line.
    return token !== undefined && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function refusal(url: string, uid: string, status: number): SourceError {
  if (status === 400 || status === 401 || status === 403) {
    return new SourceError(`logging in as "${uid}" at ${url}: the answer is ${status}`, {
      code: 'SOURCE_UNAUTHORIZED',
      url,
      status,
      hint: 'check that the service account exists, that its public key belongs to this private key, and that the clocks agree',
    });
  }
  return statusError({ url, status, contentType: '', body: '' });
}
