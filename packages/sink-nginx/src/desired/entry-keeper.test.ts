import { expect, it } from 'vitest';
import { makeUpstream } from '../testing/make-upstream.ts';
import { toEntries } from './entries.ts';
import { createEntryKeeper } from './entry-keeper.ts';
import type { Desired, Upstream } from './model.ts';

const certificates: Desired['certificates'] = { byName: new Map(), byHost: new Map() };

const upstream = (name: string, ...ports: number[]): Upstream =>
  makeUpstream(name, ...ports.map((port) => ({ name: `e_${port}`, port })));

function desired(structureVersion: number, ...upstreams: Upstream[]): Desired {
  return {
    upstreams: new Map(upstreams.map((each) => [each.name, each])),
    hosts: new Map(),
    ports: { http: new Map(), tcp: new Map(), udp: new Map() },
    certificates,
    passthrough: new Map(),
    warnings: [],
    structureVersion,
  };
}

it('looks at what was touched alone, as long as the structure is the same', () => {
  const keeper = createEntryKeeper();
  const before = keeper.update(desired(1, upstream('a', 1), upstream('b', 2)), []);
  const states = [
    [desired(1, upstream('a', 1, 3), upstream('b', 2)), ['a']],
    [desired(1, upstream('b', 2)), ['a']],
    [desired(1, upstream('a', 4), upstream('b', 2)), ['a', 'b']],
  ] as const;
  for (const [state, touched] of states) {
    expect(keeper.update(state, touched)).toBe(before);
    expect(new Map(before)).toEqual(toEntries(state));
  }
  const other = desired(1, upstream('a', 9), upstream('b', 2));
  expect(new Map(keeper.update(other, []))).not.toEqual(toEntries(other));
});

it('begins anew with another structure, and with other certificates', () => {
  const keeper = createEntryKeeper();
  keeper.update(desired(1, upstream('a', 1)), []);
  const restructured = desired(2, upstream('b', 2));
  expect(keeper.update(restructured, [])).toEqual(toEntries(restructured));
  const renewed = { ...desired(2, upstream('b', 3)), certificates: { ...certificates } };
  expect(keeper.update(renewed, [])).toEqual(toEntries(renewed));
});
