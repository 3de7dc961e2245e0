import { getEventListeners, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ControlClient, createControlClient } from './control-client.ts';

let directory: string;
let path: string;
let sockets: Socket[];
let asked: string[];
let answer: (socket: Socket, request: string) => void;
let client: ControlClient;
const ok = (text: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
const server = createServer((socket) => {
  sockets.push(socket);
  socket.setEncoding('utf8').on('error', () => {});
  socket.on('data', (text: string) => {
    asked.push(text.slice(0, text.indexOf(' HTTP')));
    answer(socket, text);
  });
});
const signal = AbortSignal.timeout(60_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'client-'));
  path = join(directory, 'nginx.sock');
  [sockets, asked] = [[], []];
  answer = (socket) => socket.write(ok('yes'));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  client = createControlClient(path);
});
afterEach(async () => {
  client.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

const unreachable = (cause: string) => ({
  code: 'SINK_UNREACHABLE',
  cause: expect.objectContaining({ message: expect.stringContaining(cause) }),
});

it('opens another connection beside one that is busy, and keeps one of them', async () => {
  const waiting: Socket[] = [];
  answer = (socket) => void waiting.push(socket);
  const long = client.ask('/statistics', { signal }, 'u/größe\n');
  const short = client.ask('/batch', { signal }, 'x');
  await expect.poll(() => waiting.length).toBe(2);
  expect(sockets).toHaveLength(2);
  for (const socket of waiting) socket.write(ok('yes'));
  expect((await Promise.all([long, short])).map(({ text }) => text)).toEqual(['yes', 'yes']);
  answer = (socket) => socket.write(ok('still'));
  expect((await client.ask('/state', { signal })).text).toBe('still');
  expect(sockets).toHaveLength(2);
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(1);
});

it('asks anew only when nothing came back over a kept connection', async () => {
  await client.ask('/first', { signal });
  answer = (socket) => (socket === sockets[0] ? socket.end('HTTP/1.1 200 OK\r\nContent-') : socket.write(ok('yes')));
  await expect(client.ask('/half', { signal })).rejects.toMatchObject(unreachable('broke off'));
  expect(asked).toEqual(['GET /first', 'GET /half']);
  answer = (socket) => socket.destroy();
  await expect(client.ask('/fresh', { signal })).rejects.toMatchObject(unreachable('closed'));
  expect(asked).toEqual(['GET /first', 'GET /half', 'GET /fresh']);
});

it('takes no connection that spoke unasked, that is to be closed, or whose question was not read', async () => {
  await client.ask('/first', { signal });
  sockets[0]?.write(ok('for somebody else'));
  await once(sockets[0] as Socket, 'close');
  expect((await client.ask('/second', { signal })).text).toBe('yes');
  answer = (socket) => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nend');
  await client.ask('/third', { signal });
  answer = (socket) => socket.pause().write(ok('too soon'));
  await client.ask('/batch', { signal }, 'x'.repeat(8_000_000));
  answer = (socket) => socket.write(ok('yes'));
  expect((await client.ask('/fifth', { signal })).text).toBe('yes');
  expect(sockets).toHaveLength(4);
});

const half = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf';
it.each([
  ['silent', '', 50, 'did not answer within'],
  ['half', half, 50, 'did not answer within'],
  ['endless', 'a'.repeat(20_000), 20_000, 'head does not end'],
])('gives up on a %s answer, and leaves no listener', async (_, text, timeoutMs, message) => {
  answer = (socket) => socket.write(text);
  const controller = new AbortController();
  const options = { signal: controller.signal, timeoutMs };
  await expect(client.ask('/state', options)).rejects.toMatchObject(unreachable(message));
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  await expect.poll(() => sockets[0]?.destroyed).toBe(true);
});

it('ends with its signal, and on closing', async () => {
  answer = () => {};
  const controller = new AbortController();
  const aborted = client.ask('/state', { signal: controller.signal });
  const closed = client.ask('/state', { signal });
  await expect.poll(() => asked.length).toBe(2);
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  client.close();
  await expect(closed).rejects.toMatchObject(unreachable('closed on this side'));
  await expect(client.ask('/state', { signal: controller.signal })).rejects.toThrow('enough');
  expect(asked).toHaveLength(2);
});

it('says that nobody is there', async () => {
  const nobody = createControlClient(join(directory, 'none.sock'));
  await expect(nobody.ask('/state', { signal })).rejects.toMatchObject(unreachable('ENOENT'));
});
