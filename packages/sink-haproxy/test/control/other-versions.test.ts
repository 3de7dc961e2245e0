import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reloadThroughMaster } from '../../src/control/reload.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { signal } from './haproxy-process.ts';
import { serveSocket } from './socket-server.ts';

const unreachable = { code: 'SINK_UNREACHABLE', retryable: true };

describe('a runtime socket', () => {
  test('of 3.2, which does not echo payloads', async () => {
    let payload = false;
    await using server = await serveSocket((line) => {
      if (line === 'prompt') return '\n> ';
      if (line.endsWith('<<')) payload = true;
      if (line === '') payload = false;
      return payload ? undefined : '\n> ';
    });
    await using connection = await openRuntime(server.path, { signal });
    expect(await connection.send([{ command: 'add map /a <<', payload: ['a b', 'c d'] }, 'show backend'])).toEqual([
      '',
      '',
    ]);
  });

  test('with too low a level', async () => {
    await using server = await serveSocket((line) => (line === 'prompt' ? '\n> ' : 'Permission denied\n\n> '));
    await using connection = await openRuntime(server.path, { signal });
    await expect(connection.send(['disable server a/b'])).rejects.toMatchObject({
      code: 'SINK_REFUSED',
      hint: expect.stringContaining('level admin'),
    });
  });

  test('that falls silent', async () => {
    await using server = await serveSocket((line) => (line === 'prompt' ? '\n> ' : undefined));
    await using connection = await openRuntime(server.path, { signal, timeoutMs: 100 });
    await expect(connection.send(['show info'])).rejects.toMatchObject(unreachable);
    await expect(connection.send(['show info'])).rejects.toMatchObject(unreachable);
  });

  test('that never was one', async () => {
    await using server = await serveSocket(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    await expect(openRuntime(server.path, { signal, timeoutMs: 100 })).rejects.toMatchObject(unreachable);
  });

  test('that closes in the middle says how far it came', async () => {
    let count = 0;
    await using server = await serveSocket((_, socket) => {
      count += 1;
      if (count < 3) return '\n> ';
      socket.end();
      return undefined;
    });
    await using connection = await openRuntime(server.path, { signal });
    await expect(connection.send(['a', 'b', 'c'])).rejects.toMatchObject({
      ...unreachable,
      message: expect.stringContaining('after 1 of 3 replies'),
    });
  });

  test('that sends more than it was asked for', async () => {
    await using server = await serveSocket((line) => (line === 'prompt' ? '\n> ' : 'a\n\n> b\n\n> '));
    await using connection = await openRuntime(server.path, { signal });
    await expect(connection.send(['show info'])).rejects.toMatchObject({
      message: expect.stringContaining('more than one reply'),
    });
  });

  test('that is missing, or no socket, or too long a path', async () => {
    await using server = await serveSocket(() => undefined);
    await expect(openRuntime(join(server.folder, 'none'), { signal })).rejects.toMatchObject(unreachable);
    await writeFile(join(server.folder, 'file'), '');
    await expect(openRuntime(join(server.folder, 'file'), { signal })).rejects.toMatchObject(unreachable);
    await expect(openRuntime(`/${'x'.repeat(200)}`, { signal })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('201 bytes'),
    });
  });
});

describe('a master of 3.0 and later', () => {
  const table = (master: number, worker: number): string =>
    `#<PID> <type> <reloads> <uptime> <version>\n10 master ${master} [failed: 0] 0d00h00m01s 3.0.11\n# workers\n${worker} worker 0 0d00h00m01s 3.0.11\n# programs\n\n`;

  test('tells the outcome', async () => {
    let reloads = 0;
    let busy = 2;
    let starting = 2;
    await using server = await serveSocket((line, socket) => {
      if (line === 'show proc') return table(reloads, 11 + reloads);
      if (line === '@!12 show info')
        return starting-- > 0 ? "Can't find the target PID matching the prefix '@!12'\n" : 'Pid: 12\nStopping: 0\n';
      busy -= 1;
      if (busy >= 0) return 'Success=0\n--\nAnother reload is still in progress.\n';
      reloads += 1;
      socket.end('Success=1\n--\n[NOTICE]   (10) : New worker (12) forked\n');
      return undefined;
    });
    const { processes } = await reloadThroughMaster(server.path, { signal });
    expect(processes.worker?.pid).toBe(12);
    expect(reloads).toBe(1);
    expect(starting).toBe(-1);
  });

  test('refuses, with its messages', async () => {
    await using server = await serveSocket((line) =>
      line === 'show proc'
        ? table(0, 11)
        : "Success=0\n--\n[ALERT]    (10) : config : parsing [a.cfg:3] : unknown keyword 'x'\n",
    );
    await expect(reloadThroughMaster(server.path, { signal })).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
      message: expect.stringContaining("unknown keyword 'x'"),
      output: expect.stringContaining('[ALERT]'),
    });
  });

  test('whose new worker never comes', async () => {
    await using server = await serveSocket((line) => (line === 'show proc' ? table(0, 11) : ''));
    await expect(reloadThroughMaster(server.path, { signal, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
      message: expect.stringContaining('no new worker within 300 ms'),
    });
  });

  test('that falls silent', async () => {
    await using silent = await serveSocket((line, socket) => {
      if (line === 'show proc') return table(0, 11);
      socket.pause();
      return undefined;
    });
    await expect(reloadThroughMaster(silent.path, { signal, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'SINK_RELOAD_FAILED',
    });
  });
});
