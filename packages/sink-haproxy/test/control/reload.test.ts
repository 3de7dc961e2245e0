import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freePort } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProcessInfo } from '../../src/control/process-info.ts';
import { reloadByCommand, reloadThroughMaster } from '../../src/control/reload.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { createTestHaproxy, listen, signal, type TestHaproxy } from './haproxy-process.ts';

let haproxy: TestHaproxy;
let port: number;
beforeEach(async () => {
  haproxy = await createTestHaproxy();
  port = await freePort();
  await haproxy.writeConfig({ port });
  await haproxy.process.ensureRunning({ signal });
});
afterEach(() => haproxy[Symbol.asyncDispose]());

const reload = () =>
  reloadThroughMaster(haproxy.process.masterSocketPath, { signal, logPath: haproxy.process.logPath });

async function readDescription(): Promise<string | undefined> {
  await using connection = await openRuntime(haproxy.runtimeSocket, { signal });
  return (await readProcessInfo(connection)).description;
}

const get = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/ok`)).text();

describe('reloadThroughMaster', () => {
  test('waits until a new worker serves the new configuration', async () => {
    const before = await haproxy.process.inspect(signal);
    await haproxy.writeConfig({ port, description: 'second' });
    const { processes, durationMs } = await reload();
    expect(processes.master.pid).toBe(before?.master.pid);
    expect(processes.worker?.pid).not.toBe(before?.worker?.pid);
    expect(processes.failedReloads).toBe(0);
    expect(durationMs).toBeGreaterThan(0);
    expect(await readDescription()).toBe('second');
  });

  test('thirty in a row, none lost', async () => {
    for (let count = 1; count <= 30; count += 1) {
      await haproxy.writeConfig({ port, description: `number${count}` });
      const { processes } = await reload();
      expect(processes.master.reloads).toBe(count);
      expect(await readDescription()).toBe(`number${count}`);
    }
  });

  test('an invalid configuration fails with the alert, and the old worker goes on', async () => {
    await appendFile(haproxy.configPath, '  bogus keyword\n');
    await expect(reload()).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
      message: expect.stringContaining("unknown keyword 'bogus'"),
      output: expect.stringContaining('[ALERT]'),
    });
    expect(await get()).toBe('ok');
    expect(await readDescription()).toBe('first');
    await haproxy.writeConfig({ port, description: 'repaired' });
    await reload();
    expect(await readDescription()).toBe('repaired');
  });

  test('a port that is in use fails, which the check does not see', async () => {
    const occupant = createServer();
    const occupied = await listen(occupant);
    try {
      await haproxy.writeConfig({ port: occupied, description: 'conflict' });
      await expect(reload()).rejects.toMatchObject({
        code: 'SINK_RELOAD_FAILED',
        output: expect.stringContaining('cannot bind socket'),
      });
      expect(await get()).toBe('ok');
    } finally {
      await new Promise((resolve) => occupant.close(resolve));
    }
    await reload();
    expect(await readDescription()).toBe('conflict');
  });

  test('a connection from before the reload belongs to the old worker', async () => {
    await using connection = await openRuntime(haproxy.runtimeSocket, { signal });
    expect((await readProcessInfo(connection)).stopping).toBe(false);
    await reload();
    expect((await readProcessInfo(connection)).stopping).toBe(true);
  });

  test('aborting ends the wait', async () => {
    const controller = new AbortController();
    const reloading = reloadThroughMaster(haproxy.process.masterSocketPath, { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(reloading).rejects.toThrow('stop');
  });

  test('no master', async () => {
    await expect(reloadThroughMaster(`${haproxy.folder}/none.sock`, { signal })).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
    });
  });
});

describe('reloadByCommand', () => {
  test('runs it, and fails with its output', async () => {
    expect((await reloadByCommand(['true'], { signal })).durationMs).toBeGreaterThan(0);
    await expect(reloadByCommand(['sh', '-c', 'echo no such unit; exit 5'], { signal })).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
      output: 'no such unit',
    });
  });
});
