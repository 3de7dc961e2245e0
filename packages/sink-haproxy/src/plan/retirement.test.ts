import { expect, test } from 'vitest';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { createRetirement } from './retirement.ts';

const settings = toSettings(haproxyOptions.parse({ config: '/etc/haproxy/haproxy.cfg', drainTimeoutMs: 1_000 }));
/** 5 s in the queue, four tries of 1 s and a pause of 1 s each, and 1 s more. */
const quarantineMs = 14_000;

function createClock() {
  const clock = { nowMs: 0 };
  return { clock, retirement: createRetirement(settings, () => clock.nowMs) };
}

test('a server that is gone is never due again', () => {
  const { clock, retirement } = createClock();
  retirement.next('a_x', 'e_1', 'maintenance', true);
  retirement.next('a_x', 'e_2', 'drain', true);
  clock.nowMs = quarantineMs;
  expect(retirement.next('a_x', 'e_1', 'maintenance', true)).toBe('delete');
  retirement.postpone('a_x', 'e_1');
  retirement.keep('a_x', new Map([['e_2', {}]]));
  retirement.forget('a_x', 'e_2');
  expect(retirement.waitMs).toBeUndefined();
  clock.nowMs = 1e9;
  expect(retirement.dueBackends()).toEqual(new Set());
});

test('servers that wait for a reload are counted while they are there', () => {
  const { retirement } = createClock();
  for (const name of ['e_1', 'e_2']) retirement.next('a_x', name, 'maintenance', false);
  retirement.next('a_y', 'e_1', 'maintenance', false);
  expect(retirement.retired).toBe(3);
  retirement.keep('a_x', new Map([['e_1', {}]]));
  retirement.forget('a_y', 'e_1');
  expect(retirement.retired).toBe(1);
  expect(retirement.waitMs).toBeUndefined();
});

test('an empty backend waits for a quarantine, and for another one after each try', () => {
  const { clock, retirement } = createClock();
  expect(retirement.mayDelete('a_x')).toBe(false);
  expect(retirement.waitMs).toBe(quarantineMs);
  clock.nowMs = quarantineMs;
  expect(retirement.dueBackends()).toEqual(new Set(['a_x']));
  expect(retirement.mayDelete('a_x')).toBe(true);
  // A plan alone changes nothing.
  expect(retirement.mayDelete('a_x')).toBe(true);
  retirement.postponeBackend('a_x');
  expect(retirement.mayDelete('a_x')).toBe(false);
  retirement.forgetBackend('a_x');
  expect(retirement.waitMs).toBeUndefined();
});
