import { service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import { ServiceSet } from './service-set.ts';
import { ServiceSorter } from './service-sorter.ts';

const names = (services: Iterable<readonly [string, { readonly name: string }]>) =>
  [...services].map(([, { name }]) => name);

test('reads like a map', () => {
  const list = [service('/b'), service('/a')];
  const set = ServiceSet.from(list);
  const seen: string[] = [];
  set.forEach((one, id, all) => void seen.push(`${id} ${one.name} ${all.size}`));
  expect(seen).toEqual(['test:/b#0 /b 2', 'test:/a#0 /a 2']);
  expect(new Map(set)).toEqual(new Map(list.map((one) => [one.id, one])));
  expect([...set.keys()]).toEqual(['test:/b#0', 'test:/a#0']);
  expect([...set.values()]).toEqual(list);
  expect([set.get('test:/a#0'), set.get('__proto__'), set.has('test:/b#0')]).toEqual([list[1], undefined, true]);
});

test('finds services by id in a next set, whether the ids stayed in place or not', () => {
  const set = ServiceSet.from([service('/a'), service('/b')]);
  const changed = set.next([service('/a', { endpoints: 3 }), service('/b')]);
  const moved = changed.next([service('/b'), service('/c'), service('/a', { endpoints: 5 })]);
  expect([set, changed, moved].map((one) => one.get('test:/a#0')?.endpoints.length)).toEqual([1, 3, 5]);
  expect([moved.getNear('test:/a#0', 0)?.name, moved.getNear('test:/c#0', 1)?.name]).toEqual(['/a', '/c']);
  expect(moved.next([service('/b')]).has('test:/a#0')).toBe(false);
});

test('the same id twice is a broken contract', () => {
  expect(() => ServiceSet.from([service('/a'), service('/a')])).toThrow('two services have the id "test:/a#0"');
});

test('a sorter sorts by id, again when other ids come, and after it refused a set', () => {
  const sorter = new ServiceSorter();
  expect(names(sorter.sort([service('/c'), service('/a')]))).toEqual(['/a', '/c']);
  expect(() => sorter.sort([service('/b'), service('/b')])).toThrow();
  const again = sorter.sort([service('/c', { endpoints: 2 }), service('/a')]);
  expect(names(again)).toEqual(['/a', '/c']);
  expect(again.get('test:/c#0')?.endpoints).toHaveLength(2);
  expect(names(sorter.sort([service('/c'), service('/b'), service('/a')]))).toEqual(['/a', '/b', '/c']);
});
