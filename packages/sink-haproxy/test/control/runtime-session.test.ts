import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RuntimeConnection } from '../../src/control/runtime-connection.ts';
import { createRuntimeSession, type RuntimeSession } from '../../src/control/runtime-session.ts';
import { signal } from './haproxy-process.ts';
import { type SocketServer, serveSocket } from './socket-server.ts';

/** Answers with its worker's name; of an old worker the greeting fails. */
let server: SocketServer;
let connections: number;
let closed: number;
let asked: string[];
let worker: string;
let session: RuntimeSession<string>;

beforeEach(async () => {
  connections = 0;
  closed = 0;
  asked = [];
  worker = 'one';
  server = await serveSocket((line, socket) => {
    if (line === 'prompt') {
      connections += 1;
      socket.once('close', () => {
        closed += 1;
      });
    } else asked.push(line);
    if (line === 'end') socket.end('\n> ');
    if (line === 'hang' || line === 'end') return undefined;
    return line === 'who' ? `${worker}\n\n> ` : '\n> ';
  });
  session = createRuntimeSession({ socketPath: server.path, greet });
});
afterEach(async () => {
  await session.close();
  await server[Symbol.asyncDispose]();
});

async function greet(connection: RuntimeConnection): Promise<string> {
  const [name = ''] = await connection.send(['who']);
  if (name === 'old') throw new Error('an old worker');
  return name;
}

const ask = (command: string) => session.use(signal, async (connection) => connection.send([command]));

describe('a session', () => {
  test('keeps one connection, and asks for the greeting in each use', async () => {
    await ask('a');
    await ask('b');
    expect(connections).toBe(1);
    expect(asked).toEqual(['who', 'a', 'who', 'b']);
  });

  test('lets one user at a time have it, in the order of the calls', async () => {
    const twice = (command: string) =>
      session.use(signal, async (connection) => {
        await connection.send([command]);
        await connection.send([command]);
      });
    await Promise.all([twice('a'), twice('b')]);
    expect(asked).toEqual(['who', 'a', 'a', 'who', 'b', 'b']);
  });

  test('lets a user trust a greeting that is fresh and to its liking, on the connection that it came over', async () => {
    const trusting = createRuntimeSession({ socketPath: server.path, greet, trustMs: 60_000 });
    const askTrusting = (command: string, trusts: (name: string) => boolean) =>
      trusting.use(signal, async (connection) => connection.send([command]), { trusts });
    await askTrusting('a', () => true);
    await askTrusting('b', (name) => name === 'one');
    await askTrusting('c', () => false);
    await trusting.use(signal, async (connection) => {
      await connection.send(['end']);
      await expect.poll(() => connection.isOpen).toBe(false);
    });
    await askTrusting('d', () => true);
    await trusting.close();
    expect(asked).toEqual(['who', 'a', 'b', 'who', 'c', 'who', 'end', 'who', 'd']);
    expect(connections).toBe(2);
    await session.use(signal, async () => {});
    await session.use(signal, async () => {}, { trusts: () => true });
    expect(asked.slice(-2)).toEqual(['who', 'who']);
  });

  test('replaces a kept connection that fails the greeting, and never a new one', async () => {
    await ask('a');
    worker = 'old';
    await expect(ask('b')).rejects.toThrow('an old worker');
    expect(connections).toBe(2);
    worker = 'two';
    expect(await session.use(signal, async (_, name) => name)).toBe('two');
    expect(asked).not.toContain('b');
  });

  test('replaces a connection that was closed meanwhile', async () => {
    await ask('a');
    await ask('end');
    await ask('b');
    expect(connections).toBe(2);
  });

  test('closes the connection after an error of its user', async () => {
    await expect(
      session.use(signal, async () => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    await ask('a');
    expect(connections).toBe(2);
  });

  test('opens another one after it was closed, or was idle for too long', async () => {
    await session.close();
    await ask('a');
    await session.close();
    await ask('b');
    expect(connections).toBe(2);
    const shortLived = createRuntimeSession({ socketPath: server.path, greet, idleTimeoutMs: 1 });
    await shortLived.use(signal, async () => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    await shortLived.use(signal, async () => {});
    await shortLived.close();
    expect(connections).toBe(4);
  });
});

test('a use without a signal goes to its end, also after one with a signal that is aborted meanwhile', async () => {
  const stop = new AbortController();
  await session.use(stop.signal, async () => {});
  await session.use(undefined, async (connection) => {
    stop.abort(new Error('stop'));
    await connection.send(['a']);
  });
  await expect(session.use(stop.signal, async () => {})).rejects.toThrow('stop');
  await ask('b');
  expect(asked).toEqual(['who', 'who', 'a', 'who', 'b']);
  expect(connections).toBe(1);
});

test('a connection that is in use is not idle, however long that takes', async () => {
  const shortLived = createRuntimeSession({ socketPath: server.path, greet, idleTimeoutMs: 20 });
  await shortLived.use(signal, async (connection) => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await connection.send(['a']);
  });
  await shortLived.use(signal, async () => {});
  expect(connections).toBe(1);
  await expect.poll(() => closed).toBe(1);
  await shortLived.close();
});

describe('a pause', () => {
  test('ends early when the kept connection is ended by the other side, and not when it is closed', async () => {
    await ask('a');
    const paused = session.pause(60_000, signal);
    await ask('end');
    expect(await paused).toBe(true);
    await ask('b');
    const undisturbed = session.pause(100, signal);
    await session.close();
    expect(await undisturbed).toBe(false);
  });

  test('ends with the reason of an abort', async () => {
    const stop = new AbortController();
    const paused = session.pause(60_000, stop.signal);
    stop.abort(new Error('stop'));
    await expect(paused).rejects.toThrow('stop');
    await expect(session.pause(60_000, stop.signal)).rejects.toThrow('stop');
  });
});

describe('an abort', () => {
  test('ends the use that is at work, and closes its connection', async () => {
    const stop = new AbortController();
    const using = session.use(stop.signal, async (connection) => connection.send(['hang']));
    await expect.poll(() => asked).toContain('hang');
    stop.abort(new Error('stop'));
    await expect(using).rejects.toThrow('stop');
    await ask('a');
    expect(connections).toBe(2);
  });

  test('of one who waits leaves the others alone', async () => {
    const stop = new AbortController();
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = session.use(signal, async (connection) => {
      await finished;
      return connection.send(['a']);
    });
    const waiting = session.use(stop.signal, async (connection) => connection.send(['never']));
    const third = ask('b');
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    finish();
    await Promise.all([first, third]);
    expect(asked).toEqual(['who', 'a', 'who', 'b']);
    expect(connections).toBe(1);
  });
});
