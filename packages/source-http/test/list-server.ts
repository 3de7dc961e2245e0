import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server that answers whatever a test wants. */
export interface ListServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Says this to every request from now on. */
  handle(handler: Handler): void;
  /** No connection is accepted any more, until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startListServer(handler: Handler): Promise<ListServer> {
  let current = handler;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    current(request, response);
  });
  let port = 0;
  const open = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}/sd`,
    requests,
    handle(next) {
      current = next;
      server.closeIdleConnections();
    },
    open,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers with JSON, and with an ETag of it where one is wanted. */
export function answerJson(value: unknown, etag?: string): Handler {
  return ({ headers }, response) => {
    const tag = etag === undefined ? {} : { etag };
    if (etag !== undefined && headers['if-none-match'] === etag) return void response.writeHead(304, tag).end();
    response.writeHead(200, { 'content-type': 'application/json', ...tag }).end(JSON.stringify(value));
  };
}
