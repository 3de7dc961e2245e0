import type { Service } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { describeService } from './describe-service.ts';
import { expose } from './exposure.ts';

const settings = toSettings(
  haproxyOptions.parse({ config: '/x/haproxy.cfg', listeners: [{ address: '*', port: 80, protocol: 'http' }] }),
);
const nothing = { reservedPorts: new Set<number>(), occupiedPorts: new Set<number>(), portRanges: [] };

describe('routes', () => {
  it('of one key go to the higher priority, then to the lower id', () => {
    const route = { hostnames: ['a.test'], path: { type: 'prefix', value: '/x' } } as const;
    const low = unit('a', { routes: [route] });
    const high = unit('b', { routes: [{ ...route, priority: 1 }] });
    const same = unit('c', { routes: [{ ...route, priority: 1 }] });
    const { maps, warnings } = expose([low, high, same], nothing);
    expect([...maps.route]).toEqual([['a.test/x/', `${high.backend?.name}:2550006`]]);
    expect(warnings).toEqual([
      { message: 'the route a.test/x/ was left out: "b" has it', service: 'a' },
      { message: 'the route a.test/x/ was left out: "b" has it', service: 'c' },
    ]);
  });

  it('become keys that end at a path boundary', () => {
    const { maps, wildcardLabels } = expose(
      [
        unit('a', {
          routes: [
            {},
            { hostnames: ['a.test', '*.b.test'], path: { type: 'prefix', value: '/' } },
            { hostnames: ['a.test'], path: { type: 'prefix', value: '/api/' } },
            { hostnames: ['*.c.b.test'], path: { type: 'exact', value: '/api' } },
          ],
        }),
      ],
      nothing,
    );
    expect([...maps.route.keys()]).toEqual(['*.b.test/', '*.c.b.test/api/?', '*/', 'a.test/', 'a.test/api/']);
    expect(wildcardLabels).toEqual([3, 2]);
  });

  it('for TLS are left out where no listener has it, not widened', () => {
    const { claims, warnings } = unit('a', { routes: [{ hostnames: ['a.test'], tls: { mode: 'terminate' } }] });
    expect(claims).toEqual([]);
    expect(warnings).toEqual([
      { message: 'a route was left out: it asks for TLS, and the sink has no listener with `tls`', service: 'a' },
    ]);
  });

  it('with a host name or path that cannot be a key are left out one by one', () => {
    const { claims, warnings } = unit('a', {
      routes: [
        { hostnames: ['bad host', 'good.test'] },
        { path: { type: 'prefix', value: '/a b\n/' } },
        { path: { type: 'prefix', value: 'relative' } },
      ],
    });
    expect(claims.map(({ key }) => key)).toEqual(['good.test/']);
    expect(warnings).toHaveLength(3);
  });
});

describe('service ports', () => {
  it('are split by protocol, sorted, and led to their backends', () => {
    const web = unit('a', { appProtocol: 'http', port: 9000 });
    const raw = unit('b', { port: 8000 });
    const { ports, maps } = expose([web, raw], nothing);
    expect(ports).toEqual({ http: [9000], https: [], tcp: [8000], tls: [], ranges: [] });
    expect([...maps.port]).toEqual([
      ['8000', `${raw.backend?.name}:tcp`],
      ['9000', `${web.backend?.name}:http`],
    ]);
  });

  it('of listeners and of other processes are left out', () => {
    const { ports, warnings } = expose([unit('a', { port: 80 }), unit('b', { port: 81 })], {
      reservedPorts: new Set([80]),
      occupiedPorts: new Set([81]),
      portRanges: [],
    });
    expect(ports).toEqual({ http: [], https: [], tcp: [], tls: [], ranges: [] });
    expect(warnings.map(({ service }) => service)).toEqual(['a', 'b']);
  });

  it('of a range are bound whether somebody has them or not, but for those of other processes', () => {
    const { ports, maps } = expose([unit('a', { port: 90 }), unit('b', { port: 200 }), unit('c', { port: 93 })], {
      reservedPorts: new Set(),
      occupiedPorts: new Set([93, 95]),
      portRanges: [{ from: 90, to: 99 }],
    });
    const ranges = [
      { from: 90, to: 92 },
      { from: 94, to: 94 },
      { from: 96, to: 99 },
    ];
    expect(ports).toEqual({ http: [], https: [], tcp: [200], tls: [], ranges });
    expect([...maps.port.keys()]).toEqual(['90', '200']);
  });
});

function unit(id: string, fields: Partial<Service>) {
  const service: Service = { id, name: id, protocol: 'tcp', endpoints: [], labels: {}, ...fields };
  return describeService(service, settings, () => undefined);
}
