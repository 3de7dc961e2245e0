import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingHttpHeaders,
  request as sendRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Origin extends AsyncDisposable {
  readonly port: number;
  readonly name: string;
}

/** An application that answers every request with its name, and says in `x-seen` what it was asked: `{ url, headers }`. */
export async function startOrigin(name: string): Promise<Origin> {
  const server: HttpServer = createHttpServer(({ url, headers }, response) => {
    response.setHeader('x-origin', name);
    // What a load takes for the id of the task.
    response.setHeader('x-task', name);
    response.setHeader('x-seen', JSON.stringify({ url, headers }));
    response.end(name);
  });
  // Node closes idle connections after 5 s, perhaps just when a request comes: HAProxy then lets go of the client, which is to ask again.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RequestOptions {
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** One request over a connection of its own. */
export function request(
  port: number,
  { host = 'localhost', path = '/', method = 'GET', headers = {} }: RequestOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      { host: '127.0.0.1', port, path, method, agent: false, headers: { host, ...headers }, timeout: 10_000 },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
        response.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
