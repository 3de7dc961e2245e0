import { expect, it } from 'vitest';
import { describeEntries, diffEntries } from './entry-diff.ts';

const before = new Map([
  ['n/gone.test', '["one"]'],
  ['n/old.test', '["one"]'],
  ['n/same.test', '["one"]'],
]);
const after = new Map([
  ['n/new.test', '["two"]'],
  ['n/old.test', '["two"]'],
  ['n/same.test', '["one"]'],
]);
const describeAt = (at: 'runtime' | 'reload') =>
  describeEntries(diffEntries(before, after), before, { upstreams: new Map() }, at).map(({ action, target }) => [
    action,
    target,
  ]);

it('says of a reload what comes, changes and goes', () => {
  expect(describeAt('reload')).toEqual([
    ['create', 'handshake new.test'],
    ['update', 'handshake old.test'],
    ['delete', 'handshake gone.test'],
  ]);
});

it('says that all of it happens at runtime, where it does', () => {
  expect(new Set(describeAt('runtime').map(([action]) => action))).toEqual(new Set(['runtime']));
});
