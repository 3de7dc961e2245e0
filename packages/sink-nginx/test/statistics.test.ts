import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceStatistics } from '@signalbox/core';
import { endpoint, freePort, request, service, startOrigin, waitFor } from '@signalbox/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { requestReload } from '../src/control/process.ts';
import { nginxOptions } from '../src/options.ts';
import { toSettings } from '../src/settings.ts';
import { type Bench, createBench, modes, sync } from './support/bench.ts';
import { createTlsBench } from './support/tls-bench.ts';

let bench: Bench;
afterEach(() => bench.close());

describe.each(modes)('mode %s', (mode) => {
  it('are told by services and endpoints, also by a sink that applied nothing', async () => {
    bench = await createBench({ mode });
    await using one = await startOrigin('one');
    const [port, tcpPort] = [await freePort(), await freePort()];
    const dead = await freePort();
    const shop = service('/shop', {
      appProtocol: 'http',
      port,
      endpoints: [endpoint({ port: one.port, address: 'localhost' }), endpoint({ port: dead })],
    });
    const raw = service('/raw', { port: tcpPort, endpoints: [endpoint({ port: one.port, draining: true })] });
    const catalog = bench.catalog(shop, raw);
    await sync(bench.createSink(), catalog, bench);
    for (let count = 0; count < 3; count += 1) expect((await request(port)).body).toBe('one');
    const read = async () => bench.createSink().statistics!(catalog, bench.context);
    const { services, target, certificates } = await read();
    expect([...services.keys()]).toEqual([raw.id, shop.id]);
    expect(certificates).toBeUndefined();
    expect(target).toMatchObject({
      workers: 2,
      oldWorkers: 0,
      currentConnections: expect.any(Number),
      totalConnections: expect.any(Number),
      refusedConnections: 0,
      totalRequests: expect.any(Number),
    });
    expect(services.get(raw.id)).toEqual({ endpoints: new Map([[raw.endpoints[0]?.id, { state: 'draining' }]]) });
    const counted = services.get(shop.id);
    if (mode === 'reload') {
      const unchecked = shop.endpoints.map(({ id }) => [id, { state: 'unchecked' }] as const);
      expect(counted).toEqual({ endpoints: new Map(unchecked) });
      return;
    }
    await waitFor(async () => (await read()).services.get(shop.id)?.totalRequests === 3);
    const later = (await read()).services.get(shop.id) as ServiceStatistics;
    expect(later).toMatchObject({ currentSessions: 0, totalRequests: 3, responses: { '2xx': 3, '5xx': 0 } });
    const [up, down] = shop.endpoints.map(({ id }) => later.endpoints.get(id));
    expect(up).toMatchObject({ state: 'unchecked', totalRequests: 3, connectionErrors: 0, retries: 0 });
    // Each worker finds out for itself.
    const failures = later.connectionErrors ?? 0;
    expect([failures > 0, failures <= 2]).toEqual([true, true]);
    expect(later.retries).toBe(failures);
    expect(down).toMatchObject({ state: 'down', totalRequests: 0, connectionErrors: failures, retries: failures });
    expect(target).toMatchObject({ dictionaryBytes: 8 * 1024 * 1024, dictionaryFreeBytes: expect.any(Number) });
  });

  it('tell the certificates that nginx shows', async () => {
    const tls = await createTlsBench({ mode });
    bench = tls;
    await tls.certify('shop.test');
    const sink = tls.createSink();
    const catalog = tls.catalog(await tls.serve('shop', { hostnames: ['shop.test'] }));
    await sync(sink, catalog, tls);
    for (const one of [sink, tls.createSink()]) {
      const [certificate, ...others] = (await one.statistics!(catalog, tls.context)).certificates ?? [];
      expect(others).toEqual([]);
      expect(certificate).toMatchObject({ hostnames: ['shop.test'], notAfterMs: expect.any(Number) });
      expect(certificate?.notAfterMs).toBeGreaterThan(Date.now());
      if (one === sink) expect(certificate?.source).toBe(`${tls.folder}/shop.test.pem`);
    }
  });
});

it('what is in flight is counted over all workers, and counters outlive a reload', async () => {
  bench = await createBench({ mode: 'lua' });
  const held: ServerResponse[] = [];
  const origin = createServer((_, response) => void held.push(response)).listen(0, '127.0.0.1');
  bench.onClose(async () => origin.closeAllConnections());
  bench.onClose(async () => void origin.close());
  await once(origin, 'listening');
  const port = await freePort();
  const endpoints = [endpoint({ port: (origin.address() as AddressInfo).port })];
  const web = service('/web', { appProtocol: 'http', port, endpoints });
  const catalog = bench.catalog(web);
  const sink = bench.createSink();
  await sync(sink, catalog, bench);
  const read = async () => (await sink.statistics!(catalog, bench.context)).services.get(web.id);
  const answer = () => held.splice(0).map((response) => response.end());
  const waiting = Array.from({ length: 4 }, () => request(port));
  await waitFor(async () => (await read())?.currentSessions === 4);
  answer();
  await Promise.all(waiting);
  await waitFor(async () => (await read())?.totalRequests === 4);
  expect(await read()).toMatchObject({ currentSessions: 0, responses: { '2xx': 4 } });

  // A worker that ends tells what it counted last.
  const last = request(port);
  await waitFor(() => held.length === 1);
  await requestReload(toSettings(nginxOptions.parse(bench.options)), bench.context.signal);
  await waitFor(async () => (await sink.statistics!(catalog, bench.context)).target?.oldWorkers === 1);
  answer();
  await last;
  await waitFor(async () => (await read())?.totalRequests === 5);
});

it('of a request that nobody could take are those of the service', async () => {
  bench = await createBench({ mode: 'lua', workers: 1, retries: 0 });
  const [port, dead] = [await freePort(), await freePort()];
  const sink = bench.createSink();
  const empty = service('/web', { appProtocol: 'http', port, endpoints: [] });
  await sync(sink, bench.catalog(empty), bench);
  expect((await request(port)).status).toBe(503);
  const web = { ...empty, endpoints: [endpoint({ port: dead })] };
  const catalog = bench.catalog(web);
  await sync(sink, catalog, bench);
  expect((await request(port)).status).toBe(502);
  const counted = (await sink.statistics!(catalog, bench.context)).services.get(web.id);
  expect(counted).toMatchObject({ totalRequests: 2, responses: { '5xx': 2 }, connectionErrors: 1, retries: 0 });
  expect([...(counted?.endpoints.values() ?? [])]).toMatchObject([{ state: 'down', totalRequests: 1 }]);
});

it('of an nginx that does not run are an error that says so', async () => {
  bench = await createBench();
  await expect(bench.createSink().statistics!(bench.catalog(), bench.context)).rejects.toMatchObject({
    code: 'SINK_UNREACHABLE',
  });
});
