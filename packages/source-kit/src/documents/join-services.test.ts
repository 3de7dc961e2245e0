import type { Endpoint } from '@signalbox/core';
import { expect, test } from 'vitest';
import type { DocumentService } from './document.ts';
import { joinServices } from './join-services.ts';

function endpoint(port: number, more: Partial<Endpoint> = {}): Endpoint {
  return { id: `10.0.0.1:${port}`, address: '10.0.0.1', port, health: 'unknown', ...more };
}

function part(name: string, more: Partial<DocumentService> = {}): DocumentService {
  return { name, protocol: 'tcp', labels: {}, endpoints: [], ...more };
}

test('parts of one name are one service, in the order of names', () => {
  const origins = [
    { name: 'a.yaml', services: [part('shop', { endpoints: [endpoint(1)] }), part('cart')] },
    { name: 'b.yaml', services: [part('shop', { endpoints: [endpoint(2), endpoint(1)] })] },
  ];
  const { services, warnings } = joinServices(origins, 'files');
  expect(services.map(({ id, endpoints }) => [id, endpoints.map(({ port }) => port)])).toEqual([
    ['files:cart#0', []],
    ['files:shop#0', [1, 2]],
  ]);
  expect(warnings).toEqual([]);
});

test('port names tell services of one name apart', () => {
  const services = [part('shop', { portName: 'http', port: 80 }), part('shop', { portName: 'admin', port: 81 })];
  const joined = joinServices([{ name: 'a.yaml', services }], 'files').services;
  expect(joined.map(({ id, port }) => `${id} ${port}`)).toEqual(['files:shop#admin 81', 'files:shop#http 80']);
  expect(joined[0]).not.toHaveProperty('portName');
});

test('labels that all parts agree on are labels of the service', () => {
  const services = [part('shop', { labels: { env: 'prod', rack: 'r1' } }), part('shop', { labels: { env: 'prod' } })];
  expect(joinServices([{ name: 'a', services }], 'files').services[0]?.labels).toEqual({ env: 'prod' });
});

test('a part that says something else is warned about, and the first one counts', () => {
  const origins = [
    { name: 'a.yaml', services: [part('shop', { port: 80, endpoints: [endpoint(1)] })] },
    { name: 'b.yaml', services: [part('shop', { port: 81, appProtocol: 'http', endpoints: [endpoint(1)] })] },
    { name: 'c.yaml', services: [part('shop', { endpoints: [endpoint(2, { id: '10.0.0.1:1' })] })] },
  ];
  const { services, warnings } = joinServices(origins, 'files');
  expect(services[0]).toMatchObject({ port: 80, endpoints: [endpoint(1)] });
  expect(services[0]).not.toHaveProperty('appProtocol');
  expect(warnings).toEqual([
    {
      service: 'files:shop#0',
      message: 'b.yaml says another appProtocol and port than was said before; the first counts',
    },
    { service: 'files:shop#0', message: 'two endpoints have the id "10.0.0.1:1"; the first counts' },
  ]);
});
