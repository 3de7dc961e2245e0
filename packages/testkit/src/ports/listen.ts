import type { Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { freePort } from './free-port.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 for a free one, which stays this process's own: who stops and listens there again finds it free. */
  readonly port: number;
}

/** Listens and resolves with the port; rejects if the address cannot be had. */
export async function listen(server: Server, { host, port }: ListenOptions): Promise<number> {
  const chosen = port === 0 ? await freePort(host) : port;
  return await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: chosen, backlog: 511 }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The same port for both transports. */
export async function listenTogether(tcp: Server, udp: DatagramSocket, options: ListenOptions): Promise<number> {
  const port = await listen(tcp, options);
  udp.bind(port, options.host);
  await once(udp, 'listening');
  return port;
}

/** Stops listening. Connections that are open are the caller's. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
