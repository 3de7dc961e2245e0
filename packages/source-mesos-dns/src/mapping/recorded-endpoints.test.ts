import type { Service } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { parseEnumerate } from '../records/parse-enumerate.ts';
import type { RecordTable } from '../records/record-table.ts';
import { readAnswerBody, readFixture, recordedTasks, recordedTransfer } from '../testing/recordings.ts';
import { mapServices } from './services.ts';

interface Task {
  readonly slave_id: string;
  readonly state: string;
  readonly resources: { readonly ports?: string };
  readonly statuses: readonly {
    readonly state: string;
    readonly container_status?: {
      readonly network_infos?: readonly { readonly ip_addresses?: readonly { readonly ip_address: string }[] }[];
    };
  }[];
  readonly discovery?: {
    readonly ports?: {
      readonly ports?: readonly {
        readonly number: number;
        readonly protocol?: string;
        readonly labels?: { readonly labels: readonly { readonly key: string; readonly value: string }[] };
      }[];
    };
  };
}

interface State {
  readonly slaves: readonly { readonly id: string; readonly pid: string }[];
  readonly frameworks: readonly { readonly name: string; readonly tasks: readonly Task[] }[];
}

const state = readFixture('master-state') as State;
/** Marathon's label on each port says where it is; Mesos-DNS does not hand it on, so it is a judge from outside. */
const reachable = state.frameworks.flatMap(({ name, tasks }) => tasks.flatMap((task) => reachablePlaces(name, task)));

function reachablePlaces(framework: string, task: Task): { readonly place: string; readonly scope: string }[] {
  const agent = state.slaves.find(({ id }) => id === task.slave_id);
  if (task.state !== 'TASK_RUNNING' || agent === undefined) return [];
  const agentAddress = agent.pid.replace(/^.*@|:\d+$/g, '');
  const running = task.statuses.find((status) => status.state === 'TASK_RUNNING');
  const [own] = (running?.container_status?.network_infos ?? [])
    .flatMap(({ ip_addresses = [] }) => ip_addresses.map(({ ip_address }) => ip_address))
    .sort();
  const describe = (protocol: string, address: string | undefined, port: number, scope: string) => ({
    place: `${framework.toLowerCase()} ${protocol} ${address} ${port}`,
    scope,
  });
  if (task.discovery === undefined) {
    const [first = 0, last = 0] = (task.resources.ports?.match(/\d+/g) ?? []).map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => describe('tcp', agentAddress, first + index, 'host'));
  }
  return (task.discovery.ports?.ports ?? []).flatMap(({ number, protocol = 'tcp,udp', labels }) => {
    const scope = labels?.labels.find(({ key }) => key === 'network-scope')?.value ?? 'host';
    const address = scope === 'container' ? own : agentAddress;
    return protocol.split(',').map((each) => describe(each.toLowerCase(), address, number, scope));
  });
}

function placesOf(services: readonly Service[]): string[] {
  return services
    .flatMap(({ protocol, metadata, endpoints }) =>
      endpoints.map(({ address, port }) => `${metadata?.framework} ${protocol} ${address} ${port}`),
    )
    .sort();
}

const defaults = { sourceId: 'mesos', address: 'auto', frameworks: undefined, tasks: new Map() } as const;

function map(table: RecordTable, more: Partial<Parameters<typeof mapServices>[1]> = {}): readonly Service[] {
  return mapServices(table, { ...defaults, ...more }).services;
}

describe('the recorded answers', () => {
  const wanted = reachable.map(({ place }) => place).sort();

  test('there is something to reach', () => expect(wanted.length).toBeGreaterThan(25));

  test('/v1/axfr gives exactly the reachable endpoints', () => {
    expect(placesOf(map(recordedTransfer()))).toEqual(wanted);
  });

  test('/v1/enumerate gives the same services', () => {
    const { table } = parseEnumerate(readAnswerBody('default-enumerate'), 'mesos');
    expect(map(table)).toEqual(map(recordedTransfer()));
  });

  test('with IPSources "host", what is left out is what nobody could reach', () => {
    const onAgents = reachable.flatMap(({ place, scope }) => (scope === 'container' ? [] : [place])).sort();
    const services = map(recordedTransfer('ipsources-host'));
    expect(placesOf(services)).toEqual(onAgents);
    expect(services.find(({ id }) => id === 'mesos:ipc.marathon#http')?.endpoints).toEqual([]);
    const { warnings } = mapServices(recordedTransfer('ipsources-host'), defaults);
    expect(warnings.map(({ service }) => service)).toEqual([
      'mesos:dual.marathon#web',
      'mesos:ipc.marathon#http',
      'mesos:ipc.marathon#statsd/udp',
    ]);
    expect(mapServices(recordedTransfer(), defaults).warnings).toEqual([]);
  });

  test('ids, ports with and without names, both protocols', () => {
    const long = 'a-very-long-service-name-that-does-not-fit-into-one-single-dnsl';
    expect(map(recordedTransfer()).map(({ id, endpoints }) => `${id} × ${endpoints.length}`)).toEqual([
      `mesos:${long}.marathon#0 × 1`,
      'mesos:api-prod.marathon#admin × 2',
      'mesos:api-prod.marathon#gossip × 2',
      'mesos:api-prod.marathon#gossip/udp × 2',
      'mesos:api-prod.marathon#http × 2',
      'mesos:bridge.marathon#http × 1',
      'mesos:chronostasknightly.chronos.prod#0 × 1',
      'mesos:chronostasknightly.chronos.prod#1 × 1',
      'mesos:dual.marathon#web × 1',
      'mesos:ipc.marathon#http × 2',
      'mesos:ipc.marathon#statsd/udp × 2',
      'mesos:noproto.marathon#any × 1',
      'mesos:noproto.marathon#any/udp × 1',
      'mesos:noproto.marathon#both × 1',
      'mesos:noproto.marathon#both/udp × 1',
      'mesos:odd-name-v2.marathon#web-ui × 1',
      'mesos:redis.chronos.prod#0 × 2',
      'mesos:twin.marathon#0 × 2',
      'mesos:web.marathon#0 × 2',
    ]);
  });

  test('a service, in full', () => {
    const services = map(recordedTransfer(), { tasks: recordedTasks() });
    expect(services.find(({ id }) => id === 'mesos:bridge.marathon#http')).toEqual({
      id: 'mesos:bridge.marathon#http',
      name: 'bridge.marathon',
      protocol: 'tcp',
      appProtocol: 'http',
      endpoints: [
        {
          id: 'bridge-o93xs-s1',
          address: '10.0.1.11',
          port: 31_300,
          health: 'unknown',
          metadata: {
            agent: '10.0.1.11',
            taskId: 'bridge.00000000-0000-4000-8000-000000000005',
            taskName: 'bridge',
          },
        },
      ],
      labels: {},
      metadata: { framework: 'marathon', task: 'bridge', portName: 'http' },
    });
  });

  test('only the wanted frameworks', () => {
    const services = map(recordedTransfer(), { frameworks: new Set(['chronos.prod']) });
    expect(services.map(({ name }) => name)).toEqual([
      'chronostasknightly.chronos.prod',
      'chronostasknightly.chronos.prod',
      'redis.chronos.prod',
    ]);
  });

  test.each([
    ['agent', 'bridge.marathon#http', ['10.0.1.11:31300']],
    ['task', 'bridge.marathon#http', ['172.17.0.2:31300']],
    ['agent', 'ipc.marathon#http', []],
    ['task', 'ipc.marathon#http', ['192.168.84.192:80', '192.168.84.193:80']],
    ['agent', 'web.marathon#0', ['10.0.1.10:31001', '10.0.1.11:31001']],
    ['auto', 'dual.marathon#web', ['9.0.2.5:8080']],
  ] as const)('address %s: %s', (address, id, wantedPlaces) => {
    const service = map(recordedTransfer(), { address }).find((candidate) => candidate.id === `mesos:${id}`);
    expect(service?.endpoints.map((endpoint) => `${endpoint.address}:${endpoint.port}`)).toEqual(wantedPlaces);
  });
});

test('an empty cluster has no services, and its table says that it was read', () => {
  const table = recordedTransfer('empty-cluster');
  expect(map(table)).toEqual([]);
  expect(table.addresses.get('leader.mesos')).toEqual(['127.0.0.1']);
  expect(parseEnumerate(readAnswerBody('empty-cluster-enumerate'), 'mesos').table.services.size).toBe(0);
});
