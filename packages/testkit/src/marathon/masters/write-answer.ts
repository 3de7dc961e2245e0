import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RestAnswer } from '../rest/answer.ts';

const compress = promisify(gzip);

/** Sends an answer with the headers that all of Marathon's REST answers have, compressed if the client takes it. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: RestAnswer,
  options: { readonly leader: string | undefined; readonly breaksOff?: boolean },
): Promise<void> {
  const plain = Buffer.from(answer.body);
  const compressed = plain.length > 0 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = compressed ? await compress(plain) : plain;
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    Pragma: 'no-cache',
    Expires: '0',
    Vary: 'Accept-Encoding',
    ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
    ...(options.leader === undefined ? {} : { 'X-Marathon-Leader': options.leader }),
    ...answer.headers,
  });
  if (options.breaksOff) {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : body);
}
