import type { Server, Upstream } from '../desired/model.ts';

/** An HTTP upstream with the defaults of every option. */
export function makeUpstream(name: string, ...servers: (Partial<Server> & Pick<Server, 'name'>)[]): Upstream {
  return {
    name,
    serviceId: `test:/${name}#0`,
    protocol: 'http',
    policy: {
      balance: 'roundrobin',
      cookie: undefined,
      maxConnections: undefined,
      retries: 3,
      connectMs: 1_000,
      sendMs: 60_000,
      readMs: 60_000,
      tls: undefined,
      proxyProtocol: false,
    },
    servers: servers.map((server) => ({
      address: '10.0.0.1',
      port: 8_000,
      weight: 1,
      backup: false,
      draining: false,
      ...server,
    })),
  };
}
