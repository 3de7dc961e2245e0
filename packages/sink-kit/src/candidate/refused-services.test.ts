import type { Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { addRefused } from './refused-services.ts';

function service(id: string): Service {
  return { id, name: id, protocol: 'tcp', endpoints: [], labels: {} };
}

const one = service('one');
const two = service('two');
const catalog = { version: 1, services: new Map([one, two].map((each) => [each.id, each])) };

it('adds the guilty, and drops those that changed', () => {
  const before = new Map([
    [one, 'no'],
    [service('two'), 'an older one'],
  ]);
  expect(addRefused(before, new Map([[{ serviceId: 'two' }, 'bad']]), catalog)).toEqual(
    new Map([
      [one, 'no'],
      [two, 'bad'],
    ]),
  );
});

it('says when nobody new is among them', () => {
  expect(addRefused(new Map([[one, 'no']]), new Map([[{ serviceId: 'one' }, 'still']]), catalog)).toBeUndefined();
  expect(addRefused(new Map(), new Map([[{ serviceId: 'gone' }, 'bad']]), catalog)).toBeUndefined();
});
