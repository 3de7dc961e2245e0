import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { app, createRefusingHaproxy, type RefusingHaproxy } from './support/refusing-haproxy.ts';

const first = backendName('mesos:/first#0');
const second = backendName('mesos:/second#0');

let target: RefusingHaproxy;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  target = await createRefusingHaproxy(app('first', ['first.test', 'shop.test']));
});
afterEach(async () => {
  vi.useRealTimers();
  await target.haproxy.bench.close();
});

describe('a route that moves to a service that is new', () => {
  const moved = [app('first', ['first.test']), app('second', ['shop.test'])];

  for (const [what, pattern, words] of [
    ['its backend', /^add backend /, `of backend ${second}`],
    ['all servers of its backend', /^add server /, ` of ${second}/`],
  ] as const) {
    it(`is served where it was until the reload, when HAProxy refuses ${what}`, async () => {
      target.refuse(pattern);
      await target.expectRefused(moved, words);
      expect(target.leadOf('shop.test/')).toBe(first);
      target.refuse();
      await target.apply(moved);
      expect(target.leadOf('shop.test/')).toBe(first);
      await target.reloadWith(moved);
      expect(target.leadOf('shop.test/')).toBe(second);
      expect(target.statesIn(second)).toEqual(['20000 ready']);
    });
  }

  it('moves when HAProxy refuses some of the servers', async () => {
    target.refuse(/^add server \S+ \S+:20001 /);
    const [rest, shop] = [app('first', ['first.test']), app('second', ['shop.test'], { ports: [20_000, 20_001] })];
    await target.expectRefused([rest, shop], ` of ${second}/`);
    expect(target.leadOf('shop.test/')).toBe(second);
    expect(target.statesIn(second)).toEqual(['20000 ready']);
    await target.reloadWith([rest, shop]);
    expect(target.statesIn(second)).toEqual(['20000 ready', '20001 ready']);
  });

  it('stays in the wider route as long as it would lead nowhere', async () => {
    target.refuse(/^add backend /);
    const cart = {
      ...app('second', []),
      routes: [{ hostnames: ['shop.test'], path: { type: 'prefix', value: '/cart' } as const }],
    };
    const wanted = [app('first', ['first.test', 'shop.test']), cart];
    await target.expectRefused(wanted, `of backend ${second}`);
    expect(target.leadOf('shop.test/cart/')).not.toBe(second);
    await target.reloadWith(wanted);
    expect(target.leadOf('shop.test/cart/')).toBe(second);
  });
});

describe('a service whose settings change, so that another backend is to carry it,', () => {
  const other = 's_http_1';
  const limited = (...ports: readonly number[]) => [
    app('first', ['first.test', 'shop.test'], { ports, maxConnections: 100 }),
  ];

  it('is led there before its servers are taken out of the old one', async () => {
    await target.apply(limited(20_000));
    expect(target.leadOf('shop.test/')).toBe(other);
    const commands = target.haproxy.takeChanges().map((command) => command.split(' ').slice(0, 3).join(' '));
    expect(commands).toEqual([
      'add map structure.map',
      `add backend ${other}`,
      `publish backend ${other}`,
      'add map spare.map',
      expect.stringMatching(`^add server ${other}/`),
      expect.stringMatching(`^set server ${other}/`),
      'set map route.map',
      'set map route.map',
      expect.stringMatching(`^set server ${first}/`),
    ]);
  });

  for (const [what, pattern] of [
    ['the other backend', /^add backend /],
    ['its servers', /^add server s_/],
  ] as const) {
    it(`stays in the old one with all that comes and goes, when HAProxy refuses ${what}`, async () => {
      target.refuse(pattern);
      await target.expectRefused(limited(20_000), other);
      expect(target.leadOf('first.test/')).toBe(first);
      expect(target.statesIn(first)).toEqual(['20000 ready']);
      const plan = await target.apply(limited(20_001));
      expect(plan.deferred?.reason).toContain(`the Runtime API did not take ${first}`);
      expect(target.leadOf('first.test/')).toBe(first);
      expect(target.statesIn(first)).toEqual(['20000 maint', '20001 ready']);
      await target.reloadWith(limited(20_001));
      expect(target.leadOf('first.test/')).toBe(first);
      expect(target.statesIn(first)).toEqual(['20001 ready']);
    });
  }

  it('keeps its servers in the old one as long as an entry leads there that HAProxy did not change', async () => {
    target.refuse(/^set map \S+route\.map shop\.test/);
    await target.expectRefused(limited(20_000, 20_001), 'route.map shop.test/');
    expect(target.leadOf('first.test/')).toBe(other);
    expect(target.leadOf('shop.test/')).toBe(first);
    expect(target.statesIn(other)).toEqual(['20000 ready', '20001 ready']);
    expect(target.statesIn(first)).toEqual(['20000 ready']);
    // What is gone is gone everywhere.
    await target.apply(limited(20_001));
    expect(target.statesIn(other)).toEqual(['20000 maint', '20001 ready']);
    expect(target.statesIn(first)).toEqual(['20000 maint']);
    await target.reloadWith(limited(20_001));
  });
});
