import type { IncomingMessage } from 'node:http';
import type { Faults } from '../fault.ts';
import { answerText, type HttpAnswer } from './answer-path.ts';

/** What arrives in place of this answer: faults, and a proxy in front that wants credentials. */
export function disturbAnswer(
  { headers }: IncomingMessage,
  answer: HttpAnswer,
  faults: Faults,
  credentials: { readonly username: string; readonly password: string } | undefined,
): HttpAnswer {
  const wanted =
    credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (faults.get('unauthorized') !== undefined || (wanted !== undefined && headers.authorization !== wanted)) {
    return answerText(401, 'Unauthorized');
  }
  const status = faults.get('status')?.status;
  if (status !== undefined) {
    return { status, contentType: 'text/html', body: `<html><title>${status} of the proxy</title></html>` };
  }
  if (faults.get('garbage') === undefined) return answer;
  return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
}
