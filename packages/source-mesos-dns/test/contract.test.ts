import { describeSourceContract, type Population, type SourceFault } from '@signalbox/testkit/contracts';
import {
  createMesosDnsSimulator,
  type MesosDnsFault,
  type MesosDnsSimulator,
  type MesosDnsSimulatorOptions,
} from '@signalbox/testkit/mesos-dns';
import { type MesosDnsOptions, mesosDns } from '../src/index.ts';

const credentials = { username: 'signalbox', password: 'tr0ub4dor&3' };

const faults: Readonly<Record<SourceFault, MesosDnsFault>> = {
  unreachable: { kind: 'refuse' },
  error: { kind: 'status', status: 500 },
  garbage: { kind: 'garbage' },
  hang: { kind: 'hang' },
  unauthorized: { kind: 'unauthorized' },
};

const names = ['alpha', 'bravo', 'charlie'].map((name) => `_http._${name}._tcp.marathon.mesos`);
const polls = { test: 'repairs events that were lost', reason: 'there are no events: it polls' } as const;

const ways: readonly {
  readonly way: string;
  readonly simulated: MesosDnsSimulatorOptions;
  readonly options: (simulator: MesosDnsSimulator) => MesosDnsOptions;
}[] = [
  { way: 'the whole table', simulated: {}, options: ({ url }) => ({ urls: [url] }) },
  { way: 'the enumeration', simulated: { enumeration: 'no-axfr' }, options: ({ url }) => ({ urls: [url] }) },
  { way: 'single names', simulated: { enumeration: 'off' }, options: ({ url }) => ({ urls: [url], names }) },
];

for (const { way, simulated, options } of ways) {
  describeSourceContract<MesosDnsOptions>(`mesos-dns over HTTP, ${way}`, {
    plugin: mesosDns,
    packageType: 'mesos-dns',
    load: () => import('../src/index.ts'),
    async start() {
      const simulator = await createMesosDnsSimulator({ credentials, ...simulated });
      return {
        options: { ...options(simulator), auth: { basic: credentials }, requestTimeoutMs: 500, pollIntervalMs: 100 },
        credentials: [
          credentials.password,
          encodeURIComponent(credentials.password),
          Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'),
        ],
        setServices: populate(simulator),
        fail: (fault) => simulator.setFault(faults[fault]),
        recover: () => simulator.clearFaults(),
        stop: () => simulator.close(),
      };
    },
    skip: [polls],
  });
}

const noCredentials = 'DNS has no credentials';

describeSourceContract<MesosDnsOptions>('mesos-dns by DNS', {
  plugin: mesosDns,
  packageType: 'mesos-dns',
  load: () => import('../src/index.ts'),
  async start() {
    const simulator = await createMesosDnsSimulator();
    return {
      options: { servers: [simulator.dnsServer], names, requestTimeoutMs: 300, pollIntervalMs: 100 },
      setServices: populate(simulator),
      async fail(fault) {
        if (fault === 'unauthorized') throw new Error(noCredentials);
        await simulator.setFault(faults[fault]);
      },
      recover: () => simulator.clearFaults(),
      stop: () => simulator.close(),
    };
  },
  skip: [
    polls,
    { test: 'throws when the upstream refuses the credentials at the start', reason: noCredentials },
    { test: 'throws when the upstream begins to refuse the credentials', reason: noCredentials },
    { test: 'shows its credentials in no set and no log', reason: noCredentials },
    { test: 'shows its credentials in no error', reason: noCredentials },
  ],
});

function populate(simulator: MesosDnsSimulator): (population: Population) => Promise<void> {
  const tasks = new Map<string, string[]>();
  let port = 31_000;
  return async (population) => {
    for (const name of new Set([...tasks.keys(), ...Object.keys(population)])) {
      const ids = tasks.get(name) ?? [];
      tasks.set(name, ids);
      for (const id of ids.splice(population[name] ?? 0)) simulator.end(id);
      while (ids.length < (population[name] ?? 0)) {
        const hostPort = port++;
        const ports = [{ number: hostPort, name: 'http', protocol: 'tcp' }];
        ids.push(simulator.launch({ name, hostPorts: [hostPort], ports }));
      }
    }
    simulator.refresh();
  };
}
