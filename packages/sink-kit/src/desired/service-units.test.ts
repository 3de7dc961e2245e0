import { type Catalog, isEqualData, type Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createServiceUnits, type ServiceUnit } from './service-units.ts';

interface Part {
  readonly name: string;
  readonly endpoints: number;
}

interface Unit extends ServiceUnit {
  readonly part: Part | undefined;
}

/** A proxy that calls a service by its name, and carries no UDP. */
function createScene() {
  const described: string[] = [];
  const units = createServiceUnits<Unit, Part>({
    proxy: 'Proxy',
    partOf: ({ part }) => part,
    hasSameStructure: (before, after) => isEqualData(before.service.labels, after.service.labels),
  });
  const addresses = new Map<string, string>();
  let refused: ReadonlyMap<Service, string> = new Map();
  const describe = (service: Service): Unit => {
    described.push(service.id);
    const { name, endpoints, labels, protocol } = service;
    return {
      service,
      part: protocol === 'udp' ? undefined : { name, endpoints: endpoints.length },
      certificates: labels.certificate === undefined ? [] : [labels.certificate],
      warnings: protocol === 'udp' ? [{ message: 'no UDP', service: service.id }] : [],
      hosts: new Map(labels.host === undefined ? [] : [[labels.host, addresses.get(labels.host)]]),
    };
  };
  return {
    units,
    addresses,
    refuse(...pairs: [Service, string][]) {
      refused = new Map(pairs);
    },
    update(...services: Service[]) {
      described.length = 0;
      const catalog: Catalog = { version: 1, services: new Map(services.map((each) => [each.id, each])) };
      const { touched, restructured } = units.update(catalog, {
        lookUp: (name) => addresses.get(name),
        refused,
        describe,
      });
      return { described: [...described], touched: [...touched], restructured };
    },
  };
}

function service(id: string, values: Partial<Service> = {}): Service {
  return { id, name: `name-${id}`, protocol: 'tcp', endpoints: [], labels: {}, ...values };
}

const endpoint = { id: 'e', address: '127.0.0.1', port: 1, health: 'healthy' } as const;

it('looks only at what changed, and says whether it was more than endpoints', () => {
  const { units, update } = createScene();
  const [one, two] = [service('1'), service('2')];
  expect(update(one, two)).toEqual({ described: ['1', '2'], touched: ['name-1', 'name-2'], restructured: true });
  expect(update(one, two)).toEqual({ described: [], touched: [], restructured: false });
  const scaled = { ...two, endpoints: [endpoint] };
  const { parts } = units;
  expect(update(one, scaled)).toEqual({ described: ['2'], touched: ['name-2'], restructured: false });
  expect(units.parts).toBe(parts);
  expect(units.parts.get('name-2')).toEqual({ name: 'name-2', endpoints: 1 });
  expect(update(one, { ...scaled, labels: { other: 'yes' } }).restructured).toBe(true);
  expect(update(one)).toEqual({ described: [], touched: ['name-2'], restructured: true });
  expect([...units.parts.keys()]).toEqual(['name-1']);
});

it('describes a service again whose host name resolves otherwise', () => {
  const { addresses, update } = createScene();
  const one = service('1', { labels: { host: 'db.example.com' } });
  update(one);
  addresses.set('db.example.com', '10.0.0.1');
  expect(update(one).described).toEqual(['1']);
  expect(update(one).described).toEqual([]);
});

it('leaves out what is refused until it changes, what cannot be carried, and the second of a name', () => {
  const { units, refuse, update } = createScene();
  const [bad, udp, first, second] = [
    service('1'),
    service('2', { protocol: 'udp' }),
    service('3'),
    service('4', { name: 'name-3' }),
  ];
  refuse([bad, 'no such\nword']);
  update(bad, udp, first, second);
  expect(units.served.map(({ service: { id } }) => id)).toEqual(['3']);
  expect(units.warnings).toEqual([
    { message: 'no UDP', service: '2' },
    { message: 'left out, Proxy refuses it: no such word', service: '1' },
    { message: 'left out: its name name-3 is taken', service: '4' },
  ]);
  expect(update({ ...bad, endpoints: [endpoint] }, udp, first, second).restructured).toBe(true);
  expect(units.served.map(({ service: { id } }) => id)).toEqual(['1', '3']);
});

it('names the certificates that routes ask for in vain', () => {
  const { units, update } = createScene();
  update(service('1', { labels: { certificate: 'shop' } }));
  expect(units.missingCertificates(new Set(['shop']))).toEqual([]);
  expect(units.missingCertificates(new Set())).toEqual([
    { message: 'it asks for the certificate "shop", and there is none', service: '1' },
  ]);
  update();
  expect(units.missingCertificates(new Set())).toEqual([]);
});
