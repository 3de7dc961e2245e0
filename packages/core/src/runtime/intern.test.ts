import { service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import { Interner } from './intern.ts';

const fresh = (count: number) => [service('/a', { endpoints: count }), service('/b')];

test('an equal set is the same map with the same objects', () => {
  const interner = new Interner();
  const first = interner.intern(fresh(2));
  expect(interner.intern(fresh(2))).toBe(first);
});

test('a changed service shares the endpoints that did not change, its neighbours stay the same objects', () => {
  const interner = new Interner();
  const first = interner.intern(fresh(2));
  const second = interner.intern(fresh(3));
  expect(second.get('test:/b#0')).toBe(first.get('test:/b#0'));
  const [before, after] = [first.get('test:/a#0'), second.get('test:/a#0')];
  expect(after).not.toBe(before);
  expect(after?.endpoints[0]).toBe(before?.endpoints[0]);
  expect(after?.endpoints).toHaveLength(3);
});

test('a service that comes back later is compared with what is in force, not with what it once was', () => {
  const interner = new Interner();
  const [two, three] = [fresh(2), fresh(3)];
  const first = interner.intern(two);
  interner.intern(three);
  const third = interner.intern(two);
  expect(third.get('test:/a#0')?.endpoints).toHaveLength(2);
  expect(third.get('test:/a#0')).toEqual(first.get('test:/a#0'));
  expect(interner.intern(three).get('test:/a#0')?.endpoints).toHaveLength(3);
});

test('the same id twice is a broken contract', () => {
  expect(() => new Interner().intern([service('/a'), service('/a')])).toThrow('two services have the id "test:/a#0"');
});
