import { expect, it } from 'vitest';
import { createRefusals } from './refusals.ts';
import type { RuntimeChange } from './runtime-change.ts';

const described = { action: 'runtime', target: 'x', summary: 'x', services: [] } as const;

const toServer = (...commands: readonly string[]): RuntimeChange => ({
  change: described,
  steps: commands.map((command) => ({ phase: 'add', command, reply: '' })),
  server: { backend: 'a_shop', name: 'e_1' },
});

const toEntry = (command: string): RuntimeChange => ({
  change: described,
  steps: [{ phase: 'lead', command, reply: '' }],
  entry: { map: 'route', key: 'shop.test/' },
});

const server = toServer('add server a_shop/e_1 10.0.0.1:80', 'set server a_shop/e_1 state ready');
const entry = toEntry('add map /x/route.map shop.test/ a_shop:1');
const everywhere = { backends: new Set(['a_shop']), maps: true };

it('knows a wish again, however the process is told of it', () => {
  const refusals = createRefusals();
  refusals.note([server, entry], new Map());
  const amongOthers = toServer(
    'add server a_shop/e_1 10.0.0.1:80',
    'set server a_shop/e_1 state ready',
    'set server a_shop/e_1 health down',
  );
  expect(refusals.has(amongOthers)).toBe(true);
  expect(refusals.has(toEntry('set map /x/route.map shop.test/ a_shop:1'))).toBe(true);
  expect(refusals.has(toEntry('set map /x/route.map shop.test/ a_shop:2'))).toBe(false);
  expect(refusals.has(toServer('add server a_shop/e_1 10.0.0.2:80'))).toBe(false);
});

it('forgets what is no difference any more, where somebody looked', () => {
  const refusals = createRefusals();
  refusals.note([server, entry], new Map());
  expect([...refusals.backends]).toEqual(['a_shop']);
  refusals.keepWanted([], { backends: new Set(['a_other']), maps: false });
  expect([refusals.has(server), refusals.has(entry)]).toEqual([true, true]);
  refusals.keepWanted([server], everywhere);
  expect([refusals.has(server), refusals.has(entry)]).toEqual([true, false]);
  refusals.keepWanted([], everywhere);
  expect(refusals.some).toBe(false);
});

it('forgets everything for another process, and nothing for the same', () => {
  const refusals = createRefusals();
  refusals.startFor(1);
  refusals.note([server], new Map([['a_shop', 'shape']]));
  const { places } = refusals;
  refusals.startFor(1);
  expect([refusals.some, refusals.places]).toEqual([true, places]);
  refusals.startFor(2);
  expect([refusals.some, refusals.places.size]).toEqual([false, 0]);
  // What depends on them compares the object.
  expect(refusals.places).not.toBe(places);
});
