import { describe, expect, test } from 'vitest';
import { recordingLogger } from './doubles/recording-logger.ts';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  test('resolves to the first value that is not empty, zero included', async () => {
    const answers = [undefined, null, false, 0];
    expect(await waitFor(() => answers.shift())).toBe(0);
  });

  test('takes a throwing condition for one that is not met yet', async () => {
    let calls = 0;
    const value = await waitFor(async () => {
      calls += 1;
      if (calls < 3) throw new Error('too early');
      return calls;
    });
    expect(value).toBe(3);
  });

  test('says what it waited for, and why it was not met', async () => {
    const waiting = waitFor(
      () => {
        throw new Error('socket is closed');
      },
      { timeoutMs: 1, description: 'the proxy' },
    );
    await expect(waiting).rejects.toThrow('waiting for the proxy: not met after 1 ms: socket is closed');
  });

  test('ends with the abort', async () => {
    const controller = new AbortController();
    const waiting = waitFor(() => false, { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});

test('recordingLogger keeps levels, fields and the bindings of children', () => {
  const logger = recordingLogger();
  logger.child({ plugin: 'mesos' }).warn({ attempt: 2 }, 'slow');
  logger.info({}, 'hello');
  expect(logger.records).toEqual([
    { level: 'warn', fields: { plugin: 'mesos', attempt: 2 }, message: 'slow' },
    { level: 'info', fields: {}, message: 'hello' },
  ]);
});
