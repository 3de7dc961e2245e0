import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ControlSocket, createControlSocket } from './control-socket.ts';

let directory: string;
let connections: number;
let paths: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  paths.push(request.url ?? '');
  request.resume().on('end', () => answer(request, response));
});
server.on('connection', () => {
  connections += 1;
});
let control: ControlSocket;
const options = { signal: AbortSignal.timeout(60_000) };
const state = { hash: 'abc', generation: 'me-1' };
const batch = { hash: 'abc', base: 'me-0', generation: 'me-1', set: new Map([['u/a', '{}']]), delete: [] };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'control-'));
  const path = join(directory, 'nginx.sock');
  [connections, paths] = [0, []];
  answer = (_, response) => response.end(JSON.stringify(state));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  control = createControlSocket(path);
});
afterEach(async () => {
  control.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

it('keeps its connection, until it is closed', async () => {
  for (let count = 0; count < 3; count += 1) expect(await control.readState(options)).toEqual(state);
  expect(connections).toBe(1);
  control.close();
  await control.readState(options);
  expect(connections).toBe(2);
});

it('asks again over another connection when nginx closed the kept one meanwhile', async () => {
  await control.readState(options);
  answer = (request, response) => (connections === 1 ? request.socket.destroy() : response.end(JSON.stringify(state)));
  expect(await control.sendBatch(batch, options)).toEqual(state);
  expect(paths).toEqual(['/state', '/batch', '/batch']);
});

it('takes the refusal of its own generation for an acknowledgement that was lost', async () => {
  await control.readState(options);
  answer = (request, response) => {
    if (connections === 1) request.socket.destroy();
    else response.writeHead(409).end(JSON.stringify({ ...state, error: 'generation' }));
  };
  expect(await control.sendBatch(batch, options)).toMatchObject(state);
  answer = (_, response) => response.writeHead(409).end(JSON.stringify({ ...state, generation: 'other-1' }));
  await expect(control.sendBatch(batch, options)).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
});

it('says that a fresh connection was closed, and what is no answer', async () => {
  answer = (request) => request.socket.destroy();
  await expect(control.readState(options)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
  answer = (_, response) => response.end('<html>');
  for (const ask of [control.readState, control.readEntries]) {
    await expect(ask(options)).rejects.toMatchObject({ code: 'SINK_APPLY_FAILED', output: '<html>' });
  }
  answer = (_, response) => response.writeHead(507).end('{"error":"no memory"}');
  await expect(control.sendBatch(batch, options)).rejects.toMatchObject({
    code: 'SINK_APPLY_FAILED',
    hint: expect.stringContaining('dictionaryMebibytes'),
  });
});
