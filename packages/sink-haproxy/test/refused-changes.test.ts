import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { app, createRefusingHaproxy, type RefusingHaproxy } from './support/refusing-haproxy.ts';

const first = backendName('mesos:/first#0');
const second = backendName('mesos:/second#0');

let target: RefusingHaproxy;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  target = await createRefusingHaproxy(app('first', ['first.test']));
});
afterEach(async () => {
  vi.useRealTimers();
  await target.haproxy.bench.close();
});

const shop = [app('first', ['first.test']), app('second', ['shop.test'])];

/** Plans and applies the same once more, as a retry does, and once with something else that changed. */
async function expectNotToldAgain(wanted: typeof shop, reason: string): Promise<void> {
  target.haproxy.takeChanges();
  for (let turn = 0; turn < 2; turn += 1) {
    const plan = await target.apply(wanted);
    expect(plan.changes).toEqual([]);
    expect(plan.deferred?.reason).toBe(`the least time between two reloads: ${reason}`);
  }
  expect(target.haproxy.takeChanges()).toEqual([]);
}

for (const [what, pattern, wanted, reason] of [
  ['backend', /^add backend a_mesos-second/, shop, `the Runtime API did not take ${second}`],
  [
    'server',
    /^add server \S+ \S+:20001 /,
    [app('first', ['first.test'], { ports: [20_000, 20_001] })],
    'the Runtime API did not take a change',
  ],
  [
    'route',
    /^add map \S+route\.map shop/,
    [app('first', ['first.test', 'shop.test'])],
    'the Runtime API did not take a change',
  ],
] as const) {
  it(`a ${what} that HAProxy refused is not told again while the reload has to wait, and everything else is`, async () => {
    target.refuse(pattern);
    await target.expectRefused(wanted, '');
    await expectNotToldAgain([...wanted], reason);
    const third = app('third', ['third.test']);
    await target.apply([...wanted, third]);
    expect(target.leadOf('third.test/')).toBe(backendName('mesos:/third#0'));
    expect(target.haproxy.takeChanges().filter((command) => pattern.test(command))).toEqual([]);
    await target.reloadWith([...wanted, third]);
  });
}

it.each([
  ['backend', /^add backend /],
  ['server', /^add server /],
] as const)(
  'a %s that HAProxy refused is told again, and needs no reload, once it was not wanted',
  async (_, pattern) => {
    const { pid } = target.haproxy.process;
    target.refuse(pattern);
    await target.expectRefused(shop, second);
    const plan = await target.apply([app('first', ['first.test'])]);
    expect(plan.deferred).toBeUndefined();
    target.refuse();
    expect((await target.apply(shop)).deferred).toBeUndefined();
    expect(target.leadOf('shop.test/')).toBe(second);
    expect(target.statesIn(second)).toEqual(['20000 ready']);
    expect(target.haproxy.process.pid).toBe(pid);
  },
);

it('another process is told everything', async () => {
  target.refuse(/^add server /);
  const grown = [app('first', ['first.test'], { ports: [20_000, 20_001] })];
  await target.expectRefused(grown, ` of ${first}/`);
  target.refuse();
  target.haproxy.restart();
  expect((await target.apply(grown)).deferred).toBeUndefined();
  expect(target.statesIn(first)).toEqual(['20000 ready', '20001 ready']);
});
