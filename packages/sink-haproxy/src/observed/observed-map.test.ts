import { expect, it } from 'vitest';
import { createMapCache, type ObservedMap, toMap, updateMap } from './observed-map.ts';

const answer = '0x55d0 a one\n0x55e0 b two\n0x55f0 a three\n';

function read(text: string, before?: ObservedMap): ObservedMap {
  const map = toMap(text, before);
  if (map === undefined) throw new Error('there is no map');
  return map;
}

it('takes the first entry of a key, which is the one that counts', () => {
  expect(read(answer)).toEqual(
    new Map([
      ['a', 'one'],
      ['b', 'two'],
    ]),
  );
  expect(toMap('Unknown map identifier. Please use #<id> or <file>.')).toBeUndefined();
});

it('is the same map for the same answer, until something else was read of it', () => {
  const map = read(answer);
  expect(read(answer, map)).toBe(map);
  expect(read('0x55d0 a one\n', map)).toEqual(new Map([['a', 'one']]));
  updateMap(map, 'a', 'one');
  expect(read(answer, map)).toBe(map);
  updateMap(map, 'a', 'other');
  expect(map.get('a')).toBe('other');
  expect(read(answer, map).get('a')).toBe('one');
  updateMap(map, 'a', 'one');
  // It says the same again, but nobody remembers which answer it is.
  expect(read(answer, map)).not.toBe(map);
  updateMap(map, 'b', undefined);
  expect([...map.keys()]).toEqual(['a']);
});

it('what is made of a map is made once, and again when it changed', () => {
  const cache = createMapCache<number>();
  let made = 0;
  const make = (): number => {
    made += 1;
    return made;
  };
  const map = read(answer);
  expect([cache.get(map, make), cache.get(map, make)]).toEqual([1, 1]);
  expect(cache.get(read(answer, map), make)).toBe(1);
  updateMap(map, 'b', 'three');
  expect([cache.get(map, make), cache.get(map, make)]).toEqual([2, 3]);
  expect(cache.get(read(answer), make)).toBe(4);
});
