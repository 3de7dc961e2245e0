import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { waitFor } from '../wait-for.ts';
import { startLoad } from './start-load.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Site {
  readonly url: string;
  readonly connections: ReadonlySet<Socket>;
}

async function serve(answer: RequestListener): Promise<Site> {
  const connections = new Set<Socket>();
  server = createServer(answer).listen(0, '127.0.0.1');
  server.on('connection', (socket) => connections.add(socket));
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections };
}

const answerAs =
  (name: () => string): RequestListener =>
  (_request, response) =>
    response.setHeader('x-task', name()).end('text');

describe('what it counts', () => {
  test('says which tasks answered, when, and how long it took', async () => {
    let task = 'first';
    const { url } = await serve(answerAs(() => task));
    const load = startLoad({ url, connections: 2 });
    await waitFor(() => load.report().answered >= 10);
    task = 'second';
    await waitFor(() => load.report().tasks.has('second'));
    const report = await load.stop();
    expect(report).toMatchObject({ failed: 0, failures: [], answered: report.requests });
    expect([...report.tasks.keys()]).toEqual(['first', 'second']);
    const [first, second] = [...report.tasks.values()];
    expect(first!.lastAtMs).toBeLessThanOrEqual(second!.lastAtMs);
    expect(first!.firstAtMs).toBeLessThan(first!.lastSentAtMs);
    expect(first!.answers + second!.answers).toBe(report.answered);
    expect(report.latencyMs.p50).toBeGreaterThan(0);
    expect(report.latencyMs.p50).toBeLessThanOrEqual(report.latencyMs.p99);
    expect(report.latencyMs.p999).toBeLessThanOrEqual(report.latencyMs.max);
  });

  test('a bad status, a broken answer, a broken connection and silence are failures, and nothing is tried again', async () => {
    let requests = 0;
    const { url } = await serve((_request, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(503, { 'x-task': 'tired' }).end();
      else if (requests === 2)
        response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
      else if (requests === 3) response.destroy();
    });
    const load = startLoad({ url, maxRequests: 4, timeoutMs: 100 });
    await waitFor(() => load.report().requests === 4);
    const { failed, failures, answered } = await load.stop();
    expect({ failed, answered, requests }).toEqual({ failed: 4, answered: 0, requests: 4 });
    expect(failures[0]).toMatchObject({ status: 503, task: 'tired' });
    expect(failures[1]?.error).toMatch(/broke off|aborted/);
    expect(failures[2]?.error).toMatch(/hang up|ECONNRESET/);
    expect(failures[3]).toMatchObject({ timedOut: true, error: 'no answer within 100 ms' });
    expect(failures[1]?.status).toBeUndefined();
  });

  test('requests that were due while a client waited are skipped, and said so', async () => {
    const { url } = await serve((_request, response) => void setTimeout(() => response.end(), 100));
    const load = startLoad({ url, ratePerSecond: 100 });
    await waitFor(() => load.report().requests >= 2);
    const { skipped, requests } = await load.stop();
    expect(skipped).toBeGreaterThan(requests * 4);
  });
});

describe('how it asks', () => {
  test('one connection for each client, or one for each request', async () => {
    const { url, connections } = await serve(answerAs(() => 'one'));
    const steady = startLoad({ url, connections: 3, maxRequests: 30 });
    await waitFor(() => steady.report().requests === 30);
    await steady.stop();
    expect(connections.size).toBe(3);
    const fresh = startLoad({ url, connections: 3, keepAlive: false, maxRequests: 30 });
    await waitFor(() => fresh.report().requests === 30);
    await fresh.stop();
    expect(connections.size).toBe(33);
  });

  test('headers are sent, a host among them; targets come back with their own fields', async () => {
    const hosts: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      hosts.push(request.headers.host);
      response.end();
    });
    const names: string[] = [];
    const targets = [{ url, headers: { host: 'shop.example.com' }, name: 'shop' }];
    const load = startLoad({ targets, ratePerSecond: 100, onRecord: ({ target }) => names.push(target.name) });
    await waitFor(() => names.length >= 1);
    load.add([{ url, headers: { host: 'api.example.com' }, name: 'api' }]);
    await waitFor(() => names.includes('api'));
    await load.stop();
    expect(new Set(hosts)).toEqual(new Set(['shop.example.com', 'api.example.com']));
    expect(new Set(names)).toEqual(new Set(['shop', 'api']));
  });

  test('keeps its rate, shared by the clients of a target', async () => {
    const { url } = await serve(answerAs(() => 'one'));
    const load = startLoad({ url, ratePerSecond: 100, connections: 5 });
    await sleep(500);
    const { requests, skipped, durationMs } = await load.stop();
    // Whatever the machine does: what was due was sent or skipped, and no more than that.
    expect(requests + skipped).toBeLessThanOrEqual(durationMs / 10 + 6);
    expect(requests).toBeGreaterThan(0);
  });
});

describe('how it ends', () => {
  test('stop waits for requests in flight, and counts them', async () => {
    const waiting: ServerResponse[] = [];
    const { url } = await serve((_request, response) => void waiting.push(response));
    const load = startLoad({ url, ratePerSecond: 1 });
    await waitFor(() => waiting.length === 1);
    const stopped = load.stop();
    expect(load.report().requests).toBe(0);
    waiting[0]?.end();
    expect((await stopped).answered).toBe(1);
  });

  test('an abort breaks requests off, which are no failures, and leaves nothing open', async () => {
    const { url, connections } = await serve(() => {});
    const controller = new AbortController();
    const load = startLoad({ url, connections: 2, signal: controller.signal });
    await waitFor(() => connections.size === 2);
    const abortedAtMs = performance.now();
    controller.abort();
    expect(await load.stop()).toMatchObject({ requests: 0, failed: 0 });
    expect(performance.now() - abortedAtMs).toBeLessThan(1_000);
    await waitFor(() => [...connections].every(({ destroyed, readableEnded }) => destroyed || readableEnded));
  });

  test('it ends by itself after its number of requests, and after its time', async () => {
    const { url } = await serve(answerAs(() => 'one'));
    const counted = startLoad({ url, maxRequests: 5, connections: 2 });
    const timed = startLoad({ url, durationMs: 50, ratePerSecond: 100 });
    await sleep(200);
    const [countedThen, timedThen] = [counted.report().requests, timed.report().requests];
    expect(countedThen).toBe(5);
    await sleep(100);
    expect([counted.report().requests, timed.report().requests]).toEqual([countedThen, timedThen]);
    await counted.stop();
    await timed.stop();
  });

  test('a URL that is none is refused at once', () => {
    expect(() => startLoad({ url: 'nowhere' })).toThrow(TypeError);
  });
});
