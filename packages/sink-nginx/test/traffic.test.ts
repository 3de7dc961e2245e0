import { createServer } from 'node:http';
import type { Endpoint, Service } from '@signalbox/core';
import { endpoint, freePort, type Origin, request, service, startOrigin, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, modes, sync } from './support/bench.ts';

describe.each(modes)('mode %s', (mode) => {
  let bench: Bench;
  let port: number;
  let origins: readonly Origin[];
  beforeEach(async () => {
    bench = await createBench({ mode, workers: 1 });
    port = await freePort();
    origins = await Promise.all(['one', 'two', 'three'].map(startOrigin));
    for (const origin of origins) bench.onClose(async () => origin[Symbol.asyncDispose]());
  });
  afterEach(() => bench.close());

  const serve = (values: Partial<Service>, ...changes: Partial<Endpoint>[]): Service =>
    service('/web', {
      appProtocol: 'http',
      port,
      endpoints: origins.map((origin, index) => endpoint({ id: origin.name, port: origin.port, ...changes[index] })),
      ...values,
    });
  const ask = async (count: number): Promise<Record<string, number>> => {
    const answers: Record<string, number> = {};
    for (let index = 0; index < count; index += 1) {
      const { status, body } = await request(port);
      const key = status === 200 ? body : String(status);
      answers[key] = (answers[key] ?? 0) + 1;
    }
    return answers;
  };

  it('shares follow the weights exactly, and 0 takes nothing', async () => {
    await sync(bench.createSink(), bench.catalog(serve({}, { weight: 3 }, { weight: 1 }, { weight: 0 })), bench);
    expect(await ask(12)).toEqual({ one: 9, two: 3 });
  });

  it('draining endpoints get no new clients, backups only when nobody else is there', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(serve({}, { draining: true }, { backup: true })), bench);
    expect(await ask(4)).toEqual({ three: 4 });
    await sync(sink, bench.catalog(serve({}, { draining: true }, { backup: true }, { draining: true })), bench);
    expect(await ask(4)).toEqual({ two: 4 });
  });

  it('an endpoint that is dead costs no request, and is asked again later at most', async () => {
    await sync(bench.createSink(), bench.catalog(serve({}, { port: await freePort() })), bench);
    expect(await ask(12)).toEqual({ two: 6, three: 6 });
  });

  it('balances by address of the client, and by path', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(serve({ traffic: { balance: 'source' } })), bench);
    expect(Object.values(await ask(6))).toEqual([6]);
    await sync(sink, bench.catalog(serve({ traffic: { balance: 'uri' } })), bench);
    const once = new Map<string, string>();
    for (let index = 0; index < 20; index += 1)
      once.set(`/${index}`, (await request(port, { path: `/${index}` })).body);
    expect(new Set(once.values()).size).toBeGreaterThan(1);
    for (const [path, body] of once) expect((await request(port, { path: `${path}` })).body).toBe(body);
    for (const balance of ['leastconn', 'random'] as const) {
      await sync(sink, bench.catalog(serve({ traffic: { balance } })), bench);
      expect(Object.values(await ask(6)).reduce((sum, count) => sum + count)).toBe(6);
    }
  });

  it('a cookie binds a client to its endpoint, also while that drains', async () => {
    const sink = bench.createSink();
    const traffic = { sticky: { cookie: 'TASK' } };
    const plan = await sync(sink, bench.catalog(serve({ traffic })), bench);
    const messages = plan.warnings.map(({ message }) => message);
    if (mode === 'reload') {
      expect(messages).toEqual(['the sticky cookie was left out: nginx needs its Lua module for that']);
      return;
    }
    expect(messages).toEqual([]);
    const first = await request(port);
    const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    expect(cookie).toMatch(/^TASK=e_[a-z2-7]{16}$/);
    const drains = origins.map(({ name }) => ({ draining: name === first.body }));
    for (const changes of [[], drains]) {
      await sync(sink, bench.catalog(serve({ traffic }, ...changes)), bench);
      for (let index = 0; index < 4; index += 1) {
        const answer = await request(port, { headers: { cookie } });
        expect([answer.body, answer.headers['set-cookie']]).toEqual([first.body, undefined]);
      }
    }
    expect(await ask(4)).not.toHaveProperty(first.body);
  });

  it('no endpoint gets more requests at once than it may', async () => {
    let running = 0;
    let most = 0;
    const slow = createServer((_, response) => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        response.end('slow');
      }, 300);
    });
    const target = await freePort();
    await new Promise<void>((resolve) => slow.listen(target, '127.0.0.1', resolve));
    bench.onClose(async () => void slow.close());
    const web = service('/web', {
      appProtocol: 'http',
      port,
      endpoints: [endpoint({ port: target })],
      traffic: { maxConnections: 2 },
    });
    await sync(bench.createSink(), bench.catalog(web), bench);
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => request(port)))).map(({ status }) => status);
    expect(most).toBe(2);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    await waitFor(async () => (await request(port)).status === 200, { timeoutMs: 10_000, description: 'a free place' });
  });

  it('what nginx cannot do is said', async () => {
    const plan = await bench
      .createSink()
      .plan(
        bench.catalog(
          serve({ traffic: { timeouts: { queueMs: 5 }, proxyProtocol: 'v1' } }),
          service('/v2', { port: await freePort(), traffic: { proxyProtocol: 'v2' } }),
          service('/tls', { appProtocol: 'http', traffic: { endpointTls: { verify: true } } }),
        ),
        bench.context,
      );
    expect(plan.warnings.map(({ service: id, message }) => `${id} ${message}`)).toEqual([
      'test:/tls#0 the service was left out: nginx always checks the name in a certificate: set `endpointTls.serverName`',
      'test:/v2#0 the service was left out: nginx does not speak version 2 of the PROXY protocol',
      'test:/web#0 `timeouts.queueMs` was left out: nginx has no queue',
      'test:/web#0 the PROXY protocol was left out: nginx speaks it to endpoints of TCP services only',
    ]);
  });
});
