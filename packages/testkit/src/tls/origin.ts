import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Authority } from './authority.ts';

export interface TlsOrigin extends AsyncDisposable {
  readonly port: number;
}

/** An application that ends TLS itself, with a certificate of the authority for this host. It answers with its name, or by what the handshake asked for, also in `x-origin`. */
export async function startTlsOrigin(
  authority: Authority,
  host: string,
  answer: string | ((servername: string | undefined) => string),
): Promise<TlsOrigin> {
  const { certificate, key } = await authority.issue([host]);
  const server = createServer({ cert: certificate, key }, ({ socket }, response) => {
    const { servername } = socket as TLSSocket & { readonly servername?: string };
    const text = typeof answer === 'string' ? answer : answer(servername);
    response.setHeader('x-origin', text).end(text);
  });
  // Node closes idle connections after 5 s, perhaps just when a request comes.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
