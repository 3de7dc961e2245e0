import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A TCP port that nobody listens on. Another process may take it before you do: listen on port 0 yourself where you can. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Below the ports that Linux gives to outgoing connections. */
const [firstPort, lastPort] = [20_000, 30_000];
const mostAttempts = 1_000;

/**
 * The first of so many TCP ports in a row that nobody listens on, and that Linux gives to no outgoing connection. Another process may take one
 * before you do.
 *
 * @throws {Error} when none was found in a thousand attempts.
 */
export async function freePortRange(count: number, address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const from = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
    const probes = await Promise.all(Array.from({ length: count }, (_, index) => isFree(from + index, address)));
    if (probes.every(Boolean)) return from;
  }
  throw new Error(`finding ${count} free ports in a row on ${address}: none between ${firstPort} and ${lastPort}`);
}

function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
