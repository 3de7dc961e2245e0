import { describe, expect, test } from 'vitest';
import { consumeWithRestart } from './restarting.ts';

describe('consumeWithRestart', () => {
  test('opens again after an error and after an end, and counts the attempts', async () => {
    const controller = new AbortController();
    const failures: [error: unknown, attempt: number][] = [];
    const values: number[] = [];
    const broken = new Error('broken');
    let opened = 0;
    await consumeWithRestart<number>({
      async *open() {
        opened += 1;
        yield opened;
        if (opened === 1) throw broken;
      },
      onValue(value) {
        values.push(value);
        if (value === 3) controller.abort();
      },
      onFailure(error, attempt) {
        failures.push([error, attempt]);
        return 0;
      },
      signal: controller.signal,
    });
    expect(values).toEqual([1, 2, 3]);
    expect(failures).toEqual([
      [broken, 1],
      [undefined, 2],
    ]);
  });

  test('ends with the abort although the iterator hangs', async () => {
    const controller = new AbortController();
    const running = consumeWithRestart<number>({
      async *open() {
        await new Promise(() => {});
        yield 1;
      },
      onValue: () => {},
      onFailure: () => 0,
      signal: controller.signal,
    });
    controller.abort();
    await running;
  });

  test('gives up when it is told to', async () => {
    const running = consumeWithRestart<number>({
      // biome-ignore lint/correctness/useYield: it fails before it yields
      async *open() {
        throw new Error('wrong password');
      },
      onValue: () => {},
      onFailure(error) {
        throw error;
      },
      signal: new AbortController().signal,
    });
    await expect(running).rejects.toThrow('wrong password');
  });
});
