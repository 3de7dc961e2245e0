import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listen } from '../../ports/listen.ts';

export interface HttpListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on the loopback address. @param port - 0 for a free one */
export async function openHttpServer(
  port: number,
  tls: { readonly key: string; readonly cert: string } | undefined,
  answer: RequestListener,
): Promise<HttpListener> {
  const server: Server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  const chosen = await listen(server, { host: '127.0.0.1', port });
  return {
    port: chosen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
