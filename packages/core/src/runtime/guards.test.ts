import { endpoint, service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import type { Service } from '../model/service.ts';
import { applyGuards, guardDefaults, type ResolvedGuardOptions } from './guards.ts';
import { ServiceSet } from './service-set.ts';

const set = (...services: Service[]) => ServiceSet.from(services);

function judge(
  previous: Service[],
  next: Service[],
  options: Partial<ResolvedGuardOptions> = {},
  intended: string[] = [],
) {
  return applyGuards({
    previous: set(...previous),
    next: set(...next),
    intended: new Set(intended),
    options: { ...guardDefaults, ...options },
    isReleased: () => false,
  });
}

const web = (count: number) => service('/web', { endpoints: count });
const elsewhere = (count: number) =>
  service('/big', { endpoints: Array.from({ length: count }, (_, index) => endpoint({ port: 9000 + index })) });
const id = 'test:/web#0';

test('lets a small loss pass, and a loss of up to half', () => {
  expect(judge([web(4)], []).holds).toHaveLength(1); // the source is empty
  expect(judge([web(4), service('/other')], [service('/other')]).holds).toEqual([]);
  expect(judge([web(12)], [web(6)]).holds).toEqual([]);
});

test('holds more than half of a service, and keeps what the source names beside it', () => {
  const result = judge([web(12), elsewhere(40)], [web(5), elsewhere(40)]);
  expect(result.holds).toEqual([
    {
      service: id,
      rule: 'maxRemovedPercent',
      heldEndpoints: 7,
      reason: '7 of 12 endpoints of the service vanished at once, maxRemovedPercent is 50',
    },
  ]);
  expect(result.services.get(id)?.endpoints).toHaveLength(12);
});

test('holds the whole source when more than half of all endpoints vanish, a few from each service', () => {
  const services = (count: number) => ['/a', '/b', '/c', '/d'].map((name) => service(name, { endpoints: count }));
  const result = judge(services(3), services(1));
  expect(result.holds).toMatchObject([{ rule: 'maxRemovedPercent', heldEndpoints: 8 }]);
  expect(result.holds[0]).not.toHaveProperty('service');
  expect([...result.services.values()].map(({ endpoints }) => endpoints.length)).toEqual([3, 3, 3, 3]);
});

test('an empty source keeps everything, as the same objects; or it is applied, when that is wished', () => {
  const before = web(1);
  const kept = judge([before], []);
  expect(kept.holds).toMatchObject([{ rule: 'onEmpty', heldEndpoints: 1 }]);
  expect(kept.services.get(id)).toBe(before);
  expect(judge([before], [], { onEmpty: 'apply' }).services.size).toBe(0);
});

test('a loss that the source states as intended passes, also when nothing is left', () => {
  expect(judge([web(12)], [web(1)], {}, [id])).toMatchObject({ holds: [] });
  expect(judge([web(12)], [], {}, [id]).services.size).toBe(0);
});

test('an endpoint that was draining is no loss', () => {
  const endpoints = web(10).endpoints.map((one) => ({ ...one, draining: true }));
  const result = judge([service('/web', { endpoints }), service('/x')], [web(0), service('/x')]);
  expect(result.holds).toEqual([]);
});

test('tasks that were all replaced at once are no loss', () => {
  const others = Array.from({ length: 10 }, (_, index) => endpoint({ port: 9000 + index }));
  const result = judge([web(10)], [service('/web', { endpoints: others })]);
  expect(result.holds).toEqual([]);
  expect(result.services.get(id)?.endpoints).toEqual(others);
});

test('minEndpoints holds what would leave fewer, but asks for no more than there were', () => {
  const options = { minEndpoints: 2 };
  expect(judge([web(3), elsewhere(9)], [web(1), elsewhere(9)], options)).toMatchObject({
    holds: [{ rule: 'minEndpoints', service: id, heldEndpoints: 2 }],
  });
  expect(judge([web(1)], [web(1)], options).holds).toEqual([]);
});

test('a held endpoint whose address and port belong to another service by now is dropped', () => {
  const thief = service('/thief', { endpoints: [endpoint({ id: 'new', port: 8003 })] });
  const result = judge([web(12)], [web(0), thief]);
  expect(result.services.get(id)?.endpoints.map(({ port }) => port)).not.toContain(8003);
  expect(result.services.get(id)?.endpoints).toHaveLength(11);
});

test('a released hold lets the loss pass', () => {
  const result = applyGuards({
    previous: set(web(12)),
    next: set(),
    intended: new Set(),
    options: guardDefaults,
    isReleased: () => true,
  });
  expect([result.services.size, result.holds]).toEqual([0, []]);
});
