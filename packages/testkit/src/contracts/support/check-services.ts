import assert from 'node:assert/strict';
import type { Endpoint, Service } from '@signalbox/core';

/** Checks that a set of services is what the model says: plain data, unique ids, values within their bounds. */
export function checkServices(services: readonly Service[]): void {
  const ids = new Set<string>();
  for (const service of services) {
    assert.equal(typeof service.id, 'string', 'a service has no id');
    assert(!ids.has(service.id), `two services have the id "${service.id}"`);
    ids.add(service.id);
    checkPlainData(service, service.id);
    checkService(service);
  }
}

function checkService({ id, name, protocol, port, endpoints, labels }: Service): void {
  assert(typeof name === 'string' && name !== '', `the service "${id}" has no name`);
  assert(protocol === 'tcp' || protocol === 'udp', `the service "${id}" has the protocol "${protocol}"`);
  if (port !== undefined) checkPort(port, `the service "${id}"`);
  assert(Array.isArray(endpoints), `the endpoints of "${id}" are not a list`);
  assert(typeof labels === 'object' && labels !== null, `the service "${id}" has no labels`);
  const endpointIds = new Set<string>();
  for (const endpoint of endpoints) {
    assert(!endpointIds.has(endpoint.id), `two endpoints of "${id}" have the id "${endpoint.id}"`);
    endpointIds.add(endpoint.id);
    checkEndpoint(endpoint, `the endpoint "${endpoint.id}" of "${id}"`);
  }
}

function checkEndpoint({ id, address, port, health, weight }: Endpoint, subject: string): void {
  assert(typeof id === 'string' && id !== '', `${subject} has no id`);
  assert(typeof address === 'string' && address !== '', `${subject} has no address`);
  assert(
    !/[[\]\s/]/.test(address),
    `${subject} has the address "${address}", which is not a bare address or host name`,
  );
  checkPort(port, subject);
  assert(['healthy', 'unhealthy', 'unknown'].includes(health), `${subject} has the health "${health}"`);
  if (weight !== undefined) {
    assert(Number.isInteger(weight) && weight >= 0 && weight <= 256, `${subject} has the weight ${weight}`);
  }
}

function checkPort(port: number, subject: string): void {
  assert(Number.isInteger(port) && port >= 1 && port <= 65_535, `${subject} has the port ${port}`);
}

/** Nothing that JSON would lose or change: services are kept in files and compared. */
function checkPlainData(value: unknown, path: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return;
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${path} is ${value}, which JSON cannot hold`);
    return;
  }
  assert(typeof value === 'object', `${path} is a ${typeof value}, which JSON cannot hold`);
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    assert(prototype === Object.prototype || prototype === null, `${path} is not a plain object`);
  }
  for (const [key, item] of Object.entries(value)) checkPlainData(item, `${path}.${key}`);
}
