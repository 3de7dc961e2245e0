import type { Credentials, CredentialsContext } from './credentials.ts';

/**
 * Sends a request with its credentials, and once more when they were refused and there are others by then: a token that
 * expired, a password that was replaced.
 */
export async function sendAuthorized<Answer>(
  credentials: Credentials | undefined,
  context: CredentialsContext,
  /** Resolves to an answer of whatever kind; throws only when there is none. */
  send: (authorization: string | undefined) => Promise<Answer>,
  isRefused: (answer: Answer) => boolean,
): Promise<Answer> {
  if (credentials === undefined) return await send(undefined);
  const authorization = await credentials.authorization(context);
  const answer = await send(authorization);
  if (!isRefused(answer) || !(await credentials.renew(authorization, context))) return answer;
  return await send(await credentials.authorization(context));
}
