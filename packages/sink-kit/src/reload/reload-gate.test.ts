import { expect, test } from 'vitest';
import { createReloadGate, type ReloadGateOptions, toGateOptions } from './reload-gate.ts';

const signal = new AbortController().signal;

/** A clock that moves only when somebody sleeps. */
function createClock() {
  const clock = {
    time: 0,
    sleeps: [] as number[],
    now: () => clock.time,
    sleep: async (durationMs: number, sleepSignal: AbortSignal) => {
      sleepSignal.throwIfAborted();
      clock.sleeps.push(durationMs);
      clock.time += durationMs;
    },
    reload: (durationMs: number) => async () => {
      clock.time += durationMs;
    },
  };
  return clock;
}

function createGate(clock: ReturnType<typeof createClock>, options: ReloadGateOptions = {}) {
  return createReloadGate({ minIntervalMs: 2_000, jitter: 0, now: clock.now, sleep: clock.sleep, ...options });
}

test('the first runs at once, the next after the minimum interval', async () => {
  const clock = createClock();
  const gate = createGate(clock);
  expect(gate.waitMs).toBe(0);
  await gate.run(clock.reload(100), signal);
  expect(clock.sleeps).toEqual([]);
  expect(gate.waitMs).toBe(2_000);
  await gate.run(clock.reload(100), signal);
  expect(clock.sleeps).toEqual([2_000]);
});

test('a slow reload lengthens the interval', async () => {
  const clock = createClock();
  const gate = createGate(clock, { durationFactor: 5 });
  await gate.run(clock.reload(1_000), signal);
  await gate.run(clock.reload(0), signal);
  expect(clock.sleeps).toEqual([5_000]);
});

test('whoever wants no distance gets none, however long the last reload took', async () => {
  const clock = createClock();
  const gate = createGate(clock, { minIntervalMs: 0 });
  await gate.run(clock.reload(1_000), signal);
  await gate.run(clock.reload(0), signal);
  expect(clock.sleeps).toEqual([]);
});

test('jitter adds a share of the interval', async () => {
  const clock = createClock();
  const gate = createGate(clock, { jitter: 0.5, random: () => 0.5 });
  await gate.run(clock.reload(0), signal);
  expect(gate.waitMs).toBe(2_500);
});

test('a failed reload counts for the interval, and only its callers see the error', async () => {
  const clock = createClock();
  const gate = createGate(clock);
  await expect(
    gate.run(async () => {
      throw new Error('refused');
    }, signal),
  ).rejects.toThrow('refused');
  await gate.run(clock.reload(0), signal);
  expect(clock.sleeps).toEqual([2_000]);
});

test('callers that wait share one reload, the newest, and never run beside another', async () => {
  const clock = createClock();
  const gate = createGate(clock, { minIntervalMs: 0 });
  const done: string[] = [];
  const gates: (() => void)[] = [];
  const first = gate.run(async () => {
    await new Promise<void>((resolve) => gates.push(resolve));
    done.push('first');
  }, signal);
  await new Promise((resolve) => setImmediate(resolve));
  const second = gate.run(async () => void done.push('second'), signal);
  const third = gate.run(async () => void done.push('third'), signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual([]);
  gates[0]?.();
  await Promise.all([first, second, third]);
  expect(done).toEqual(['first', 'third']);
});

test('aborting takes one caller out; the last one ends the wait', async () => {
  const never = (_: number, sleepSignal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => sleepSignal.addEventListener('abort', () => reject(sleepSignal.reason)));
  const clock = createClock();
  const gate = createGate(clock, { sleep: never });
  await gate.run(clock.reload(0), signal);
  const [one, two] = [new AbortController(), new AbortController()];
  let ran = 0;
  const reload = async (): Promise<void> => {
    ran += 1;
  };
  const first = gate.run(reload, one.signal);
  const second = gate.run(reload, two.signal);
  await new Promise((resolve) => setImmediate(resolve));
  one.abort(new Error('one'));
  await expect(first).rejects.toThrow('one');
  two.abort(new Error('two'));
  await expect(second).rejects.toThrow('two');
  await expect(gate.run(reload, one.signal)).rejects.toThrow('one');
  clock.time += 10_000;
  await gate.run(reload, signal);
  expect(ran).toBe(1);
});

test('the running reload is told when nobody waits for it any more', async () => {
  const gate = createGate(createClock());
  const controller = new AbortController();
  let inner: AbortSignal | undefined;
  const running = gate.run(async (reloadSignal) => {
    inner = reloadSignal;
    await new Promise((resolve) => reloadSignal.addEventListener('abort', resolve));
  }, controller.signal);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  expect(inner?.aborted).toBe(true);
});

test('takes the random time of the options as a share of the interval, at most all of it', () => {
  expect(toGateOptions({ minIntervalMs: 2_000, jitterMs: 200 })).toEqual({ minIntervalMs: 2_000, jitter: 0.1 });
  expect(toGateOptions({ minIntervalMs: 10, jitterMs: 200 })).toEqual({ minIntervalMs: 10, jitter: 1 });
  expect(toGateOptions({ minIntervalMs: 0, jitterMs: 200 })).toEqual({ minIntervalMs: 0, jitter: 0 });
});
