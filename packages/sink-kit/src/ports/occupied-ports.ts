import { createServer } from 'node:net';

/**
 * Which of these ports another process listens on. `haproxy -c` and `nginx -t` do not see that, and the reload
 * fails for all services because of one. Node binds without SO_REUSEPORT, so that nothing is shared by mistake. Other errors (no such address,
 * no rights) are left for the proxy to report.
 */
export async function findOccupiedPorts(address: string, ports: Iterable<number>): Promise<ReadonlySet<number>> {
  const occupied = new Set<number>();
  for (const port of ports) if (await isOccupied(address, port)) occupied.add(port);
  return occupied;
}

function isOccupied(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ ...(address === '*' ? {} : { host: address }), port, exclusive: true }, () => {
      server.close(() => resolve(false));
    });
  });
}
