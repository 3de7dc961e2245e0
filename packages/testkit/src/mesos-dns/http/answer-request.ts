import type { IncomingMessage } from 'node:http';
import type { Zone } from '../zone.ts';
import { answerPath, answerText, type HttpAnswer } from './answer-path.ts';

/** What the HTTP API answers, its refusals included. They are texts. */
export function answerRequest({ method, url = '/', headers }: IncomingMessage, zone: Zone): HttpAnswer {
  const path = url.replace(/\?.*$/, '');
  const known = answerPath(path, zone);
  if (known.status === 404) return known;
  if (method !== 'GET') return answerText(405, '405: Method Not Allowed');
  const { accept = '*/*' } = headers;
  return /\*\/\*|application\/(json|\*)/.test(accept) ? known : answerText(406, '406: Not Acceptable');
}
