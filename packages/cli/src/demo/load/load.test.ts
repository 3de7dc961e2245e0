import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { target } from '../testing/records.ts';
import { timeoutPrefix } from './judge.ts';
import { createLoad, type LoadOptions } from './load.ts';
import type { ClientKind, RequestRecord, Target } from './request-record.ts';

interface Site {
  readonly connections: number;
  targetFor(client: ClientKind): Target;
}

async function serve(listener: RequestListener): Promise<Site> {
  let connections = 0;
  const server = createServer(listener).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    get connections() {
      return connections;
    },
    targetFor: (client) => ({ ...target, client, port, host: 'shop.example.com' }),
  };
}

/** Resolves once each client has sent all its requests. */
async function runLoad(
  targets: readonly Target[],
  requests: number,
  options: Partial<LoadOptions> = {},
): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  await new Promise<void>((resolve) => {
    const onRecord = (record: RequestRecord): void => {
      if (records.push(record) === requests * targets.length) resolve();
    };
    const { signal } = new AbortController();
    createLoad({ intervalMs: 1, maxRequestsPerClient: requests, signal, onRecord, ...options }).add(targets);
  });
  return records;
}

test('records who answered, by the host name that was asked for', async () => {
  const site = await serve((request, response) =>
    response.setHeader('X-Task', String(request.headers.host)).end('fine'),
  );
  const [record] = await runLoad([site.targetFor('keep-alive')], 1);
  expect(record).toMatchObject({ status: 200, task: 'shop.example.com' });
  expect(record?.endedAtMs).toBeGreaterThanOrEqual(record?.startedAtMs ?? Number.NaN);
});

test('one client keeps its connection, the other opens one for each request', async () => {
  const site = await serve((_, response) => response.end('fine'));
  await runLoad([site.targetFor('keep-alive')], 5);
  expect(site.connections).toBe(1);
  await runLoad([site.targetFor('new-connection')], 5);
  expect(site.connections).toBe(6);
});

test('what breaks is recorded and not tried again', async () => {
  let requests = 0;
  const site = await serve((request, response) => {
    requests += 1;
    if (requests === 1) request.socket.destroy();
    else if (requests === 2)
      response.writeHead(200, { 'Content-Length': 10 }).write('half', () => request.socket.destroy());
    else response.writeHead(503).end();
  });
  const records = await runLoad([site.targetFor('new-connection')], 3);
  expect(records.map(({ status, error }) => status ?? error)).toEqual([expect.any(String), expect.any(String), 503]);
  expect(requests).toBe(3);
});

test('a request without an answer ends with its time-out', async () => {
  const site = await serve(() => {});
  const [record] = await runLoad([site.targetFor('keep-alive')], 1, { timeoutMs: 30 });
  expect(record?.error).toBe(`${timeoutPrefix} 30 ms`);
});

test('stop waits for what is in flight, and nothing is sent after it', async () => {
  let requests = 0;
  const site = await serve((_, response) => {
    requests += 1;
    setTimeout(() => response.end('late'), 50);
  });
  const records: RequestRecord[] = [];
  const load = createLoad({
    intervalMs: 1,
    maxRequestsPerClient: 100,
    signal: new AbortController().signal,
    onRecord: (record) => void records.push(record),
  });
  load.add([site.targetFor('keep-alive')]);
  await expect.poll(() => requests).toBe(1);
  await load.stop();
  expect(records.map(({ status }) => status)).toEqual([200]);
  expect(requests).toBe(1);
});

test('an abort cuts off what is in flight, and does not record it', async () => {
  let requests = 0;
  const site = await serve(() => {
    requests += 1;
  });
  const records: RequestRecord[] = [];
  const stopping = new AbortController();
  const load = createLoad({
    intervalMs: 1,
    maxRequestsPerClient: 100,
    signal: stopping.signal,
    onRecord: (record) => void records.push(record),
  });
  load.add([site.targetFor('keep-alive')]);
  await expect.poll(() => requests).toBe(1);
  stopping.abort();
  await load.stop();
  expect(records).toEqual([]);
});
