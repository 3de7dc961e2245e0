import type { Endpoint, Health, Service } from '@signalbox/core';
import { expect, test } from 'vitest';
import { endpointStateOf } from './endpoint-state.ts';

function states(...endpoints: readonly (Health | `${Health} draining`)[]): readonly string[] {
  const service: Service = {
    id: 'test:/app#0',
    name: '/app',
    protocol: 'tcp',
    labels: {},
    endpoints: endpoints.map((text, index): Endpoint => {
      const [health, draining] = text.split(' ') as [Health, string?];
      return { id: `${index}`, address: '127.0.0.1', port: 1 + index, health, ...(draining && { draining: true }) };
    }),
  };
  return service.endpoints.map(endpointStateOf(service));
}

test('healthy and unknown endpoints take traffic', () => {
  expect(states('healthy', 'unknown')).toEqual(['active', 'active']);
  expect(states()).toEqual([]);
});

test('unhealthy and draining ones do not', () => {
  expect(states('healthy', 'unhealthy', 'healthy draining')).toEqual(['active', 'drain', 'drain']);
  expect(states('unknown', 'unhealthy')).toEqual(['active', 'drain']);
});

test('a verdict about all that do not drain changes nothing', () => {
  expect(states('unhealthy', 'unhealthy')).toEqual(['active', 'active']);
  expect(states('unhealthy', 'unhealthy draining', 'healthy draining')).toEqual(['active', 'drain', 'drain']);
});

test('what the source drains, drains, even the last one', () => {
  expect(states('healthy draining')).toEqual(['drain']);
});
