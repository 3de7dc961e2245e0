import { describe, expect, test } from 'vitest';
import { formatAddress } from './address.ts';
import { backoffMs } from './backoff.ts';
import { Cell } from './cell.ts';
import { Wakeup } from './wakeup.ts';

const hourMs = 3_600_000;

describe('backoffMs', () => {
  const random = (): number => 1;

  test('doubles up to its ceiling', () => {
    const waits = [0, 1, 2, 3, 4].map((attempt) => backoffMs(attempt, { initialMs: 100, maxMs: 1_000, random }));
    expect(waits).toEqual([100, 200, 400, 800, 1_000]);
  });

  test('spreads between nothing and the ceiling, however many attempts', () => {
    expect(backoffMs(5_000, { random: () => 0 })).toBe(0);
    expect(backoffMs(5_000, { random })).toBe(10_000);
    expect(backoffMs(0, { random: () => 0.5 })).toBe(250);
  });
});

describe('Cell', () => {
  test('keeps the newest value only', async () => {
    const cell = new Cell<string>();
    expect([cell.version, cell.value]).toEqual([0, undefined]);
    cell.set('a');
    cell.set('b');
    await cell.changedSince(0, new AbortController().signal);
    expect([cell.version, cell.value]).toEqual([2, 'b']);
  });

  test('wakes everybody who waits for a newer version', async () => {
    const cell = new Cell<string>();
    const { signal } = new AbortController();
    const waiting = [cell.changedSince(0, signal), cell.changedSince(0, signal)];
    cell.set('a');
    await Promise.all(waiting);
  });

  test('goes on waiting for a version that is further away', async () => {
    const cell = new Cell<string>();
    let settled = false;
    const waiting = cell.changedSince(1, new AbortController().signal).then(() => {
      settled = true;
    });
    cell.set('a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    cell.set('b');
    await waiting;
  });

  test('ends a wait with the abort', async () => {
    const controller = new AbortController();
    const waiting = new Cell<string>().changedSince(0, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});

describe('Wakeup', () => {
  const { signal } = new AbortController();

  test('sleeps until it is woken', async () => {
    const wakeup = new Wakeup();
    const sleeping = wakeup.sleep(hourMs, signal);
    wakeup.wake();
    await sleeping;
  });

  test('does not lose a call that came before', async () => {
    const wakeup = new Wakeup();
    wakeup.wake();
    await wakeup.sleep(hourMs, signal);
  });

  test('does not sleep less the second time', async () => {
    const wakeup = new Wakeup();
    wakeup.wake();
    await wakeup.sleep(hourMs, signal);
    let woken = false;
    const sleeping = wakeup.sleep(hourMs, signal).then(() => {
      woken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(woken).toBe(false);
    wakeup.wake();
    await sleeping;
  });

  test('takes a wait that no timer can hold for a long one', async () => {
    const controller = new AbortController();
    let woken = false;
    const sleeping = new Wakeup().sleep(Number.POSITIVE_INFINITY, controller.signal).then(() => {
      woken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(woken).toBe(false);
    controller.abort();
    await sleeping;
  });
});

test.each([
  ['10.0.0.1', '10.0.0.1:80'],
  ['::1', '[::1]:80'],
  ['node1.example.com', 'node1.example.com:80'],
])('formatAddress(%s)', (address, text) => {
  expect(formatAddress(address, 80)).toBe(text);
});
