import { spawnSync } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isProcessAlive } from '@signalbox/sink-kit';
import { freePort } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createManagedProcess } from '../../src/control/managed-process.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { createTestHaproxy, listen, signal, type TestHaproxy } from './haproxy-process.ts';

let haproxy: TestHaproxy;
beforeEach(async () => {
  haproxy = await createTestHaproxy();
  await haproxy.writeConfig({ port: await freePort() });
});
afterEach(() => haproxy[Symbol.asyncDispose]());

/** As after a restart of Signalbox: the same settings, nothing in memory. */
const createAnother = () =>
  createManagedProcess({ configPath: haproxy.configPath, runDirectory: join(haproxy.folder, 'run') });

describe('a managed HAProxy', () => {
  test('starts, in a session of its own and with private files', async () => {
    const { adopted, processes } = await haproxy.process.ensureRunning({ signal });
    expect(adopted).toBe(false);
    const pid = processes.master.pid;
    expect(spawnSync('ps', ['-o', 'sid=', '-p', `${pid}`], { encoding: 'utf8' }).stdout.trim()).toBe(`${pid}`);
    expect((await stat(haproxy.process.logPath)).mode & 0o777).toBe(0o600);
    expect((await stat(haproxy.process.masterSocketPath)).mode & 0o777).toBe(0o600);
  });

  test('is adopted by the next Signalbox, and stopped only by request', async () => {
    const { processes } = await haproxy.process.ensureRunning({ signal });
    const next = createAnother();
    const adopted = await next.ensureRunning({ signal });
    expect(adopted.adopted).toBe(true);
    expect(adopted.processes.master.pid).toBe(processes.master.pid);
    expect(await next.stop({ signal })).toBe(true);
    expect(isProcessAlive(processes.master.pid)).toBe(false);
    expect(isProcessAlive(processes.worker?.pid as number)).toBe(false);
    expect(await next.stop({ signal })).toBe(false);
    expect(await next.inspect(signal)).toBeUndefined();
  });

  test('a killed worker takes the master along; the stale sockets are seen, and the next start works', async () => {
    const { processes } = await haproxy.process.ensureRunning({ signal });
    process.kill(processes.worker?.pid as number, 'SIGKILL');
    await vi.waitFor(() => expect(isProcessAlive(processes.master.pid)).toBe(false), 5_000);
    expect(await haproxy.process.inspect(signal)).toBeUndefined();
    await expect(openRuntime(haproxy.runtimeSocket, { signal })).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
      hint: expect.stringContaining('stays and refuses'),
      cause: { code: 'ECONNREFUSED' },
    });
    const again = await haproxy.process.ensureRunning({ signal });
    expect(again.adopted).toBe(false);
    await using connection = await openRuntime(haproxy.runtimeSocket, { signal });
    expect(await connection.send(['show backend'])).toEqual(['# name\napp']);
  });

  test('a master that does not answer is not started a second time', async () => {
    const { processes } = await haproxy.process.ensureRunning({ signal });
    process.kill(processes.master.pid, 'SIGSTOP');
    try {
      await expect(createAnother().ensureRunning({ signal, timeoutMs: 300 })).rejects.toMatchObject({
        code: 'SINK_RELOAD_FAILED',
        message: expect.stringContaining(`pid ${processes.master.pid}`),
      });
    } finally {
      process.kill(processes.master.pid, 'SIGCONT');
    }
    expect((await createAnother().ensureRunning({ signal })).processes.master.pid).toBe(processes.master.pid);
  });

  test('stops a master that ignores SIGTERM', async () => {
    const { processes } = await haproxy.process.ensureRunning({ signal });
    process.kill(processes.master.pid, 'SIGSTOP');
    process.kill(processes.worker?.pid as number, 'SIGSTOP');
    expect(await haproxy.process.stop({ signal, graceMs: 200 })).toBe(true);
    expect(isProcessAlive(processes.master.pid)).toBe(false);
    await vi.waitFor(() => expect(isProcessAlive(processes.worker?.pid as number)).toBe(false));
  });

  test('a pid file of another program adopts nothing and stops nothing', async () => {
    await haproxy.process.ensureRunning({ signal });
    await haproxy.process.stop({ signal });
    await writeFile(haproxy.process.pidPath, `${process.pid}\n`);
    expect(await haproxy.process.stop({ signal })).toBe(false);
    expect((await haproxy.process.ensureRunning({ signal })).adopted).toBe(false);
  });

  test('says why it does not come up', async () => {
    const occupant = createServer();
    const occupied = await listen(occupant);
    try {
      await haproxy.writeConfig({ port: occupied });
      await expect(haproxy.process.ensureRunning({ signal })).rejects.toMatchObject({
        code: 'SINK_RELOAD_FAILED',
        message: expect.stringContaining('ended at once'),
        output: expect.stringContaining('cannot bind socket'),
      });
    } finally {
      await new Promise((resolve) => occupant.close(resolve));
    }
    const missing = createManagedProcess({
      program: '/nonexistent/haproxy',
      configPath: haproxy.configPath,
      runDirectory: join(haproxy.folder, 'other'),
    });
    await expect(missing.ensureRunning({ signal })).rejects.toMatchObject({ code: 'SINK_RELOAD_FAILED' });
  });

  test('a path that no socket can have is refused before anything happens', () => {
    const create = (length: number) => () =>
      createManagedProcess({ configPath: 'a.cfg', runDirectory: '/r', masterSocketPath: `/${'x'.repeat(length - 1)}` });
    expect(create(98)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(create(97)).not.toThrow();
  });
});
