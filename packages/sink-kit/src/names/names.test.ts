import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameEndpoint, nameService } from './names.ts';

it('keeps the id readable and adds what makes it unique', () => {
  expect(nameService('mesos:/shop/cart#http')).toMatch(/^a_mesos-shop-cart-http_[0-9a-f]{8}$/);
  expect(nameService('mesos:/shop/cart#http')).not.toBe(nameService('mesos:/shop-cart#http'));
  expect(nameService('***')).toMatch(/^a_service_[0-9a-f]{8}$/);
});

it('names an endpoint after address, port and endpoint, so that none ever changes its address', () => {
  const name = nameEndpoint('127.0.0.1', 31_000, 'task');
  expect(name).toMatch(/^e_[a-z2-7]{16}$/);
  const others = [
    nameEndpoint('127.0.0.2', 31_000, 'task'),
    nameEndpoint('127.0.0.1', 31_001, 'task'),
    nameEndpoint('127.0.0.1', 31_000, 'task2'),
  ];
  expect(new Set([name, ...others]).size).toBe(4);
  expect(nameEndpoint('127.0.0.1', 31_000, 'task')).toBe(name);
});

it('gives an endpoint the name that earlier versions gave it, since the servers of a process that runs have it', () => {
  expect(nameEndpoint('127.0.0.1', 31_000, 'task')).toBe('e_4pm75e4o2cxdy5k5');
});

it('makes harmless names of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(nameService(text)).toMatch(/^a_[a-z0-9-]{1,40}_[0-9a-f]{8}$/);
      expect(nameEndpoint(text, 1, text)).toMatch(/^e_[a-z2-7]{16}$/);
    }),
  );
});
