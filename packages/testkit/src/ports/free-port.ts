import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections and to those who listen on port 0: there, one of these may come first. */
const [firstPort, lastPort] = [20_000, 30_000];
const mostAttempts = 1_000;

/**
 * A TCP port that nobody listens on. On Linux nobody else who asks here is given it as long as this process lives, and the kernel gives it to no
 * outgoing connection; a stranger may still take it before you do.
 *
 * @throws {Error} when none was found in a thousand attempts.
 */
export function freePort(address = '127.0.0.1'): Promise<number> {
  return freePortRange(1, address);
}

/** The first of so many such ports in a row. */
export async function freePortRange(count: number, address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const from = firstPort + Math.floor(Math.random() * (lastPort - firstPort - count));
    if (await takeAll(from, count, address)) return from;
  }
  throw new Error(`finding ${count} free ports in a row on ${address}: none between ${firstPort} and ${lastPort}`);
}

/** What was reserved before one of them failed stays so: there are thousands more. */
async function takeAll(from: number, count: number, address: string): Promise<boolean> {
  for (let port = from; port < from + count; port += 1) {
    if (!(await reserve(port)) || !(await isFree(port, address))) return false;
  }
  return true;
}

/**
 * A name in the abstract namespace of Linux (unix(7)): taken by one process alone, without a file that could stay behind, and free again when that
 * process ends, however it ends.
 */
function reserve(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', () => resolve(false));
    server.listen(`\0signalbox-testkit-port-${port}`, () => resolve(true));
  });
}

function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
