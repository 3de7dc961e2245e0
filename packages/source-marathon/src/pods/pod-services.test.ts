import type { Service } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { TaskLedger } from '../mapping/task-memory.ts';
import { parsePodDefinition } from './parse-definition.ts';
import { parsePod } from './parse-pod.ts';
import { podServicesOf } from './pod-services.ts';

type Context = Parameters<typeof podServicesOf>[1];
type Json = Record<string, unknown>;

const nowMs = Date.parse('2020-03-01T12:00:00Z');
const check = { http: { endpoint: 'web', path: 'health' }, gracePeriodSeconds: 60 };

function spec(containers: Json[], more: Json = {}): Json {
  return { id: '/pod', version: 'v2', scaling: { kind: 'fixed', instances: 1 }, containers, ...more };
}

function web(more: Json = {}): Json {
  return { name: 'app', endpoints: [{ name: 'web', hostPort: 0, protocol: ['tcp'] }], ...more };
}

function instance(containers: Json[], more: Json = {}): Json {
  return {
    id: 'pod.instance-1',
    agentHostname: 'agent',
    containers: containers.map((container) => ({
      status: 'TASK_RUNNING',
      containerId: `t.${container.name}`,
      ...container,
    })),
    specReference: '/v2/pods/pod::versions/v2',
    ...more,
  };
}

const running = { name: 'app', endpoints: [{ name: 'web', allocatedHostPort: 31_001 }] };

function map(definition: Json, instances: Json[], more: Partial<Context> = {}): ReturnType<typeof podServicesOf> {
  return podServicesOf(parsePod({ id: '/pod', spec: definition, instances }), {
    sourceId: 's',
    address: 'auto',
    memory: new TaskLedger(),
    nowMs,
    definitions: new Map(),
    ...more,
  });
}

function addresses({ services }: { readonly services: readonly Service[] }): unknown {
  return services.map(({ endpoints }) => endpoints.map(({ address, port }) => `${address} ${port}`));
}

describe('services of a pod', () => {
  it('are its endpoints, with labels of the pod, the container and the endpoint, and without a port', () => {
    const endpoints = [
      { name: 'web', hostPort: 0, protocol: ['http'], labels: { a: 'endpoint' } },
      { name: 'dns', hostPort: 0, protocol: ['udp', 'tcp'] },
      { name: 'log', hostPort: 0, protocol: ['udp'] },
    ];
    const definition = spec(
      [{ name: 'app', endpoints, labels: { a: 'container', b: 'container' }, healthCheck: check }],
      {
        labels: { a: 'pod', b: 'pod', c: 'pod' },
      },
    );
    const { services } = map(definition, []);
    expect(services.map(({ id, protocol, appProtocol }) => [id, protocol, appProtocol])).toEqual([
      ['s:/pod#web', 'tcp', 'http'],
      ['s:/pod#dns', 'tcp', undefined],
      ['s:/pod#dns/udp', 'udp', undefined],
      ['s:/pod#log', 'udp', undefined],
    ]);
    expect(services[0]).toMatchObject({
      name: '/pod',
      labels: { a: 'endpoint', b: 'container', c: 'pod' },
      healthCheck: { kind: 'http', path: '/health', intervalMs: 60_000, timeoutMs: 20_000, failures: 3 },
      metadata: {
        version: 'v2',
        instances: '1',
        networkMode: 'host',
        portIndex: '0',
        portName: 'web',
        container: 'app',
      },
    });
    expect(services[0]).not.toHaveProperty('port');
    expect(services[1]).not.toHaveProperty('healthCheck');
  });

  it('lose endpoints on purpose when the pod has as many instances as it asks for', () => {
    expect([...map(spec([web()]), [instance([running])]).asIntended]).toEqual(['s:/pod#web']);
    expect([...map(spec([web()], { scaling: { instances: 2 } }), [instance([running])]).asIntended]).toEqual([]);
  });
});

describe('instances', () => {
  it.each([
    ['TASK_RUNNING', 'TASK_RUNNING', [undefined]],
    ['TASK_RUNNING', 'TASK_FINISHED', [undefined]],
    ['TASK_RUNNING', 'TASK_STAGING', []],
    ['TASK_RUNNING', 'TASK_FAILED', []],
    ['TASK_RUNNING', 'TASK_KILLING', [true]],
    ['TASK_UNREACHABLE', 'TASK_UNREACHABLE', [true]],
    ['TASK_FINISHED', 'TASK_RUNNING', []],
  ])('whose container is %s, and the other one %s', (own, other, draining) => {
    const found = map(spec([web(), { name: 'side' }]), [
      instance([
        { ...running, status: own },
        { name: 'side', status: other },
      ]),
    ]);
    expect(found.services[0]?.endpoints.map((endpoint) => endpoint.draining)).toEqual(draining);
  });

  it('are taken out by an event about one of their containers', () => {
    const memory = new TaskLedger();
    memory.noteEvent('t.side', 'TASK_FAILED', '1', nowMs);
    expect(
      addresses(map(spec([web(), { name: 'side' }]), [instance([running, { name: 'side' }])], { memory })),
    ).toEqual([[]]);
  });

  it('with several networks have the address of one that carries the endpoint', () => {
    const endpoints = [
      { name: 'a', containerPort: 80, networkNames: ['two'] },
      { name: 'b', containerPort: 81 },
      { name: 'c', containerPort: 82, networkNames: ['three'] },
    ];
    const definition = spec([{ name: 'app', endpoints }], { networks: [{ name: 'one' }, { name: 'two' }] });
    const networks = [
      { name: 'one', addresses: ['9.0.0.1'] },
      { name: 'two', addresses: ['fd01::2', '9.1.0.1'] },
    ];
    expect(addresses(map(definition, [instance([{ name: 'app' }], { networks })]))).toEqual([
      ['fd01::2 80'],
      ['9.0.0.1 81'],
      [],
    ]);
  });
});

describe('health', () => {
  const checked = spec([
    web({
      healthCheck: check,
      endpoints: [
        { name: 'web', hostPort: 0 },
        { name: 'admin', hostPort: 0 },
      ],
    }),
  ]);
  const statuses = (healthy?: boolean): Json => ({
    name: 'app',
    statusSince: '2020-03-01T11:59:50.000Z',
    endpoints: [
      { name: 'admin', allocatedHostPort: 31_002 },
      { name: 'web', allocatedHostPort: 31_001, ...(healthy !== undefined && { healthy }) },
    ],
  });
  const healths = (found: ReturnType<typeof map>): unknown =>
    found.services.map(({ endpoints }) => endpoints.map(({ health }) => health));

  it('is that of the endpoint which the check asks', () => {
    expect(healths(map(checked, [instance([statuses(true)])]))).toEqual([['healthy'], ['healthy']]);
    expect(healths(map(checked, [instance([statuses(false)])]))).toEqual([['unhealthy'], ['healthy']]);
  });

  it('holds a young instance back until there is a verdict, and shows an old one as unknown', () => {
    const young = map(checked, [instance([statuses()])]);
    expect(healths(young)).toEqual([[], ['healthy']]);
    expect(young.reviewAtMs).toBe(nowMs + 50_000);
    expect(healths(map(checked, [instance([statuses()])], { nowMs: nowMs + 50_000 }))).toEqual([
      ['unknown'],
      ['healthy'],
    ]);
  });

  it('stays what it was when the verdict is missing', () => {
    const memory = new TaskLedger();
    map(checked, [instance([statuses(false)])], { memory });
    expect(healths(map(checked, [instance([statuses()])], { memory }))).toEqual([['unhealthy'], ['healthy']]);
  });

  it.each([
    ['true', 'health-reported-by-mesos', ['healthy']],
    ['false', 'health-reported-by-mesos', ['unhealthy']],
    ['false', 'health-unreported-by-mesos', []],
  ])('of a command is the condition of its container: %s, %s', (value, reason, wanted) => {
    const conditions = [{ name: 'healthy', value, reason }];
    const status = { ...running, statusSince: '2020-03-01T11:59:50.000Z', conditions };
    const command = web({ healthCheck: { exec: { command: { shell: './check' } }, gracePeriodSeconds: 60 } });
    expect(healths(map(spec([command]), [instance([status])]))).toEqual([wanted]);
  });
});

describe('instances of an older version', () => {
  const overlay = { networks: [{ mode: 'container', name: 'dcos' }] };
  const networks = [{ name: 'dcos', addresses: ['9.0.0.1'] }];
  const old = { specReference: '/v2/pods/pod::versions/v1', networks };
  const definitionWith = (port: number): Json =>
    spec([{ name: 'app', endpoints: [{ name: 'web', containerPort: port }] }], overlay);
  const status = { name: 'app', endpoints: [{ name: 'web' }] };

  it('in a container network are read by their own definition, where alone the port stands', () => {
    const unread = map(definitionWith(8081), [instance([status], old)]);
    expect(unread.missingVersions).toEqual(['v1']);
    const definitions = new Map([['v1', parsePodDefinition(definitionWith(8080))]]);
    const read = map(definitionWith(8081), [instance([status], old)], { definitions });
    expect([addresses(read), read.missingVersions]).toEqual([[['9.0.0.1 8080']], []]);
    const pruned = map(definitionWith(8081), [instance([status], old)], { definitions: new Map([['v1', null]]) });
    expect([addresses(pruned), pruned.missingVersions]).toEqual([[['9.0.0.1 8081']], []]);
  });

  it('on the agent need it only when containers or endpoints no longer fit', () => {
    expect(map(spec([web()]), [instance([running], old)]).missingVersions).toEqual([]);
    const renamed = map(spec([web({ name: 'renamed' })]), [instance([{ ...running, endpoints: [] }], old)]);
    expect(renamed.missingVersions).toEqual(['v1']);
    const fixed = { name: 'web', hostPort: 8080, protocol: ['tcp'] };
    const definitions = new Map([['v1', parsePodDefinition(spec([web({ endpoints: [fixed] })]))]]);
    const read = map(spec([web({ name: 'renamed' })]), [instance([{ ...running, endpoints: [] }], old)], {
      definitions,
    });
    expect(addresses(read)).toEqual([['agent 8080']]);
  });
});
