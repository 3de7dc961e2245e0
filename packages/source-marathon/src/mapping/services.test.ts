import type { Service } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { parseApp } from './parse-app.ts';
import { servicesOf } from './services.ts';
import { TaskLedger } from './task-memory.ts';

const nowMs = Date.parse('2020-03-02T10:00:00.000Z');

function map(app: Record<string, unknown>, address: 'auto' | 'agent' | 'task' = 'auto'): readonly Service[] {
  const parsed = parseApp({ id: '/shop/web', version: 'v1', instances: 1, tasks: [], ...app }).app;
  return servicesOf(parsed, 'mesos', { address, memory: new TaskLedger(), nowMs }).services;
}

function mapPorts(portMappings: unknown[], more: Record<string, unknown> = {}): readonly Service[] {
  return map({ networks: [{ mode: 'container/bridge' }], container: { portMappings }, ...more });
}

describe('service ids', () => {
  it('end in the port name, or in the index where the name is missing, taken twice, or a number', () => {
    const services = mapPorts([
      { containerPort: 80, name: 'web' },
      { containerPort: 81, name: 'twice' },
      { containerPort: 82, name: 'twice' },
      { containerPort: 83 },
      { containerPort: 84, name: '3' },
      { containerPort: 85, name: 'a#b/c' },
    ]);
    expect(services.map(({ id }) => id)).toEqual(
      ['web', '1', '2', '3', '4', '5'].map((port) => `mesos:/shop/web#${port}`),
    );
  });

  it.each(['udp,tcp', 'tcp,udp'])('are two for a port that is %s', (protocol) => {
    const services = mapPorts([{ containerPort: 53, name: 'dns', protocol, servicePort: 9053 }]);
    expect(services.map(({ id, protocol: one, port }) => [id, one, port])).toEqual([
      ['mesos:/shop/web#dns', 'tcp', 9053],
      ['mesos:/shop/web#dns/udp', 'udp', 9053],
    ]);
  });

  it('carry no suffix for a port that is UDP alone', () => {
    const [service] = mapPorts([{ containerPort: 53, name: 'dns', protocol: 'udp', servicePort: 0 }]);
    expect(service).toMatchObject({ id: 'mesos:/shop/web#dns', protocol: 'udp' });
    expect(service).not.toHaveProperty('port');
  });
});

describe('labels and metadata', () => {
  it("merge the app's labels with the port's, which win", () => {
    const [service] = mapPorts([{ containerPort: 80, labels: { b: 'port' } }], {
      labels: { a: 'app', b: 'app', c: 3 },
    });
    expect(service?.labels).toEqual({ a: 'app', b: 'port' });
  });

  it('hold nothing that changes by itself', () => {
    const tasks = [{ id: 't', state: 'TASK_RUNNING', host: 'h', ports: [1], startedAt: '2020-03-01T00:00:00Z' }];
    const before = mapPorts([{ containerPort: 80 }], { tasks, tasksHealthy: 1, deployments: [] });
    const after = mapPorts([{ containerPort: 80 }], { tasks, tasksHealthy: 0, deployments: [{ id: 'd' }] });
    expect(after).toEqual(before);
  });
});

describe('health check and application protocol', () => {
  const ports = [
    { containerPort: 80, name: 'web' },
    { containerPort: 8443, name: 'https' },
    { containerPort: 9100, name: 'metrics' },
  ];
  const check = (healthChecks: unknown[]): unknown[] =>
    mapPorts(ports, { healthChecks }).map(({ appProtocol, healthCheck }) => [appProtocol, healthCheck?.kind]);

  it('come from the check with the index of the port; a name of https says so too', () => {
    expect(check([{ protocol: 'HTTP', portIndex: 0, path: 'ping' }])).toEqual([
      ['http', 'http'],
      ['https', undefined],
      [undefined, undefined],
    ]);
  });

  it('come from the check with the port inside the container', () => {
    expect(check([{ protocol: 'MESOS_HTTPS', port: 9100 }])).toEqual([
      [undefined, undefined],
      ['https', undefined],
      ['https', 'https'],
    ]);
  });

  it('prefer HTTP to TCP, and ignore commands', () => {
    expect(check([{ protocol: 'COMMAND' }, { protocol: 'TCP' }, { protocol: 'MESOS_HTTP' }])[0]).toEqual([
      'http',
      'http',
    ]);
    expect(check([{ protocol: 'MESOS_HTTP' }, { protocol: 'TCP' }])[0]).toEqual(['http', 'http']);
    expect(check([{ protocol: 'COMMAND', command: { value: 'true' } }])[0]).toEqual([undefined, undefined]);
  });

  it('carry times, path and failures; never killing says nothing about failures', () => {
    const [web] = mapPorts(ports, {
      healthChecks: [{ path: 'ping', intervalSeconds: 5, timeoutSeconds: 2.5, maxConsecutiveFailures: 0 }],
    });
    expect(web?.healthCheck).toEqual({ kind: 'http', path: '/ping', intervalMs: 5_000, timeoutMs: 2_500 });
    const [byDefault] = mapPorts(ports, { healthChecks: [{}] });
    expect(byDefault?.healthCheck).toEqual({
      kind: 'http',
      path: '/',
      intervalMs: 60_000,
      timeoutMs: 20_000,
      failures: 3,
    });
  });

  it('check a management port beside every port, without making these HTTP', () => {
    const services = mapPorts(ports, { healthChecks: [{ protocol: 'HTTP', port: 31_999 }] });
    expect(services.map(({ healthCheck }) => healthCheck?.port)).toEqual([31_999, 31_999, 31_999]);
    expect(services.map(({ appProtocol }) => appProtocol)).toEqual([undefined, 'https', undefined]);
    expect(mapPorts(ports, { healthChecks: [{ protocol: 'MESOS_HTTP', port: 31_999 }] })[0]).not.toHaveProperty(
      'healthCheck',
    );
  });
});

describe('addresses', () => {
  const app = {
    networks: [{ mode: 'container', name: 'overlay' }],
    container: { portMappings: [{ containerPort: 80, hostPort: 0 }, { containerPort: 81 }] },
    tasks: [
      {
        id: 't',
        state: 'TASK_RUNNING',
        host: 'agent',
        ports: [31_000],
        ipAddresses: [{ ipAddress: 'fd01::2', protocol: 'IPv6' }],
      },
    ],
  };
  const addresses = (preference: 'auto' | 'agent' | 'task'): unknown[] =>
    map(app, preference).map(({ endpoints }) => endpoints.map(({ address, port }) => `${address} ${port}`));

  it("are the agent's where there is one, or those that the option asks for", () => {
    expect(addresses('auto')).toEqual([['agent 31000'], ['fd01::2 81']]);
    expect(addresses('agent')).toEqual([['agent 31000'], []]);
    expect(addresses('task')).toEqual([['fd01::2 80'], ['fd01::2 81']]);
  });
});
