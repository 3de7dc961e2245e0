import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Reads the body of a request; empty if there is none. Rejects if the client goes away. */
export function readBody(request: IncomingMessage): Promise<string> {
  return request.method === 'GET' || request.method === 'HEAD' ? Promise.resolve('') : text(request);
}
