import { expect, it } from 'vitest';
import { makeUpstream } from '../testing/make-upstream.ts';
import { countServers, formatUpstream } from './entries.ts';

const upstream = (index: number) =>
  makeUpstream(`a_${index}`, { name: `e_${index}` }, { name: `f_${index}`, weight: 7, draining: true });

it('texts that are alike differ where LuaJIT looks', () => {
  const samples = Array.from({ length: 10_000 }, (_, index) => {
    const text = formatUpstream(upstream(10_000 + index));
    const middle = text.length >> 1;
    const quarter = text.length >> 2;
    return [
      text.slice(0, 4),
      text.slice(-4),
      text.slice(middle - 2, middle + 2),
      text.slice(quarter - 1, quarter + 3),
    ].join();
  });
  expect(new Set(samples).size).toBeGreaterThan(3_000);
});

it('says of a server what is not usual', () => {
  expect(JSON.parse(formatUpstream(upstream(1))).servers).toEqual([
    { name: 'e_1', address: '10.0.0.1', port: 8_000 },
    { name: 'f_1', address: '10.0.0.1', port: 8_000, weight: 7, draining: true },
  ]);
});

it('counts the servers in a text, whatever else stands in it', () => {
  const hostile = { ...upstream(1), policy: { ...upstream(1).policy, cookie: '{"name":"e_2"' } };
  const text = formatUpstream(hostile);
  expect(countServers(text, hostile.servers)).toEqual({ all: 2, kept: 2 });
  expect(countServers(text, upstream(2).servers)).toEqual({ all: 2, kept: 0 });
  expect(countServers(text, makeUpstream('a_1', { name: 'e_1' }, { name: 'e_' }).servers)).toEqual({ all: 2, kept: 1 });
  for (const none of ['', '{"servers":[]}']) expect(countServers(none, hostile.servers)).toEqual({ all: 0, kept: 0 });
});
