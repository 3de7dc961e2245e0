import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the ports that systems give to outgoing connections: the demo's own clients take hundreds of those. */
const firstPort = 18_080;
const lastPort = 32_000;

/**
 * The first of as many free ports in a row, from 18080 on in steps of ten.
 * @throws {Error} when there is no such block.
 */
export async function findPortBlock(address: string, count: number): Promise<number> {
  for (let base = firstPort; base + count <= lastPort; base += 10) {
    if (await isBlockFree(address, base, count)) return base;
  }
  throw new Error(`finding ${count} free ports in a row on ${address}: none between ${firstPort} and ${lastPort}`);
}

async function isBlockFree(address: string, base: number, count: number): Promise<boolean> {
  const servers: Server[] = [];
  try {
    for (let port = base; port < base + count; port += 1) {
      const server = createServer();
      server.listen(port, address);
      await once(server, 'listening');
      servers.push(server);
    }
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
