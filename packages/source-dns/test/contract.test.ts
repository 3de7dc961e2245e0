import { describeSourceContract, type SourceFault } from '@signalbox/testkit/contracts';
import { type DnsOptions, dns } from '../src/index.ts';
import { a, type Entry, srv, startZoneServer } from './zone-server.ts';

const faults: Readonly<Record<Exclude<SourceFault, 'unreachable' | 'unauthorized'>, Entry>> = {
  error: 'serverFailure',
  garbage: 'garbage',
  hang: 'silence',
};

const noCredentials = 'DNS has no credentials';
const namesAreConfigured =
  'the names are configured: none comes or goes, and one without records stays, without endpoints';

describeSourceContract<DnsOptions>('dns', {
  plugin: dns,
  packageType: 'dns',
  load: () => import('../src/index.ts'),
  async start() {
    const server = await startZoneServer({ 'A host.example': [a('host.example', '127.0.0.1', 60)] });
    let services = ['alpha'];
    return {
      // What is asked for is part of the options, so it follows what the upstream holds when the source is made.
      get options() {
        const names = services.map((name) => ({ name: `_http._tcp.${name}.example`, allowEmpty: true }));
        return { names, servers: [server.address], ...times };
      },
      async setServices(population) {
        services = Object.keys(population);
        for (const [name, count] of Object.entries(population)) {
          const full = `_http._tcp.${name}.example`;
          const records = Array.from({ length: count }, (_, nth) => srv(full, 'host.example', 9000 + nth));
          server.set(`SRV ${full}`, records);
        }
      },
      async fail(fault) {
        if (fault === 'unauthorized') throw new Error(noCredentials);
        if (fault === 'unreachable') await server.close();
        else server.setAll(faults[fault]);
      },
      async recover() {
        server.setAll();
        await server.open();
      },
      stop: () => server.close(),
    };
  },
  skip: [
    { test: 'repairs events that were lost', reason: 'there are no events: it polls' },
    { test: 'shows a service that is added, and keeps the others', reason: namesAreConfigured },
    { test: 'shows that a service is removed', reason: namesAreConfigured },
    { test: 'yields an empty set for an upstream that is empty', reason: namesAreConfigured },
    { test: 'yields an empty set for an upstream that becomes empty', reason: namesAreConfigured },
    { test: 'resynchronises completely when watch is started again', reason: namesAreConfigured },
    { test: 'throws when the upstream refuses the credentials at the start', reason: noCredentials },
    { test: 'throws when the upstream begins to refuse the credentials', reason: noCredentials },
    { test: 'shows its credentials in no set and no log', reason: noCredentials },
    { test: 'shows its credentials in no error', reason: noCredentials },
  ],
});

const times = { minPollIntervalMs: 20, maxPollIntervalMs: 100, requestTimeoutMs: 300 } as const;
