import type { Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { differsInEndpointsAlone } from './differs-in-endpoints.ts';

const endpoint = { id: 'one', address: '127.0.0.1', port: 1, health: 'healthy' } as const;
const service: Service = {
  id: 'test:/a#0',
  name: 'a',
  protocol: 'tcp',
  endpoints: [endpoint],
  labels: { team: 'shop' },
  routes: [{ hostnames: ['a.test'] }],
};

it.each<[string, Service]>([
  ['the same object', service],
  ['an equal one', structuredClone(service)],
  ['one with other endpoints', { ...structuredClone(service), endpoints: [] }],
  ['one with a property that is undefined', { ...service, port: undefined } as unknown as Service],
])('does with %s', (_, other) => {
  expect(differsInEndpointsAlone(service, other)).toBe(true);
  expect(differsInEndpointsAlone(other, service)).toBe(true);
});

it.each<[string, Service]>([
  ['another property', { ...service, port: 80 }],
  ['other labels', { ...service, labels: { team: 'cart' } }],
  ['other routes', { ...service, endpoints: [], routes: [{ hostnames: ['b.test'] }] }],
])('does not with %s', (_, other) => {
  expect(differsInEndpointsAlone(service, other)).toBe(false);
  expect(differsInEndpointsAlone(other, service)).toBe(false);
});
