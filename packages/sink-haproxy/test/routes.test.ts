import type { Route } from '@signalbox/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, type Origin, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench;
let port: number;
const origins: Origin[] = [];
beforeEach(async () => {
  port = await freePort();
  bench = await createBench({ listeners: [{ name: 'web', address: '127.0.0.1', port, protocol: 'http' }] });
});
afterEach(async () => {
  await bench.close();
  for (const origin of origins.splice(0)) await origin[Symbol.asyncDispose]();
});

it('the most specific route wins: exact host, longer wildcard, any host; exact path, longest prefix', async () => {
  const services = await Promise.all([
    serve('any', {}),
    serve('any-api', { path: { type: 'prefix', value: '/api' } }),
    serve('exact-path', { hostnames: ['shop.test'], path: { type: 'exact', value: '/api/v1' } }),
    serve('host', { hostnames: ['shop.test'] }),
    serve('host-api', { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api' } }),
    serve('host-api-v1', { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api/v1/' } }),
    serve('wild', { hostnames: ['*.shop.test'] }),
    serve('wild-deep', { hostnames: ['*.eu.shop.test'], path: { type: 'prefix', value: '/x' } }),
  ]);
  const sink = bench.createSink();
  const catalog = bench.catalog(...services);
  expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
  const cases: [host: string, path: string, body: string][] = [
    ['shop.test', '/', 'host'],
    ['SHOP.test:8080', '/other?a=/api', 'host'],
    ['shop.test', '/api', 'host-api'],
    ['shop.test', '/api/', 'host-api'],
    ['shop.test', '/api/x', 'host-api'],
    ['shop.test', '/apix', 'host'],
    ['shop.test', '/api/v1', 'exact-path'],
    ['shop.test', '/api/v1/', 'host-api-v1'],
    ['shop.test', '/api/v1/x', 'host-api-v1'],
    ['a.shop.test', '/', 'wild'],
    ['b.a.shop.test', '/api', 'wild'],
    ['a.eu.shop.test', '/x/y', 'wild-deep'],
    ['a.eu.shop.test', '/y', 'wild'],
    ['eu.shop.test', '/x', 'wild'],
    ['other.test', '/', 'any'],
    ['xshop.test', '/api/1', 'any-api'],
  ];
  const answers = [];
  for (const [host, path] of cases) answers.push([host, path, (await request(port, { host, path })).body]);
  expect(answers).toEqual(cases);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('a route moves at runtime, and what nobody takes is not found', async () => {
  const sink = bench.createSink();
  const one = await serve('one', { hostnames: ['a.test'] });
  const two = await serve('two', { hostnames: ['b.test'] });
  await sync(sink, bench.catalog(one, two), bench);
  expect((await request(port, { host: 'c.test' })).status).toBe(404);
  const plan = await sync(sink, bench.catalog(one, { ...two, routes: [{ hostnames: ['b.test', 'c.test'] }] }), bench);
  expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
  expect((await request(port, { host: 'c.test' })).body).toBe('two');
  const gone = await sync(sink, bench.catalog(one, { ...two, routes: [{ hostnames: ['c.test'] }] }), bench);
  expect(summaries(gone)).toEqual(['route b.test/ removed']);
  expect((await request(port, { host: 'b.test' })).status).toBe(404);
});

it('a route with a wish that cannot be granted is left out, never widened', async () => {
  const sink = bench.createSink();
  const service = await serve('one', { hostnames: ['a.test'], tls: { mode: 'terminate' } });
  const plan = await sync(sink, bench.catalog(service), bench);
  expect(plan.warnings).toEqual([
    { message: 'a route was left out: it asks for TLS, and the sink has no listener with `tls`', service: service.id },
  ]);
  expect((await request(port, { host: 'a.test' })).status).toBe(404);
});

async function serve(name: string, route: Route) {
  const origin = await startOrigin(name);
  origins.push(origin);
  return makeService(`mesos:/${name}#0`, { endpoints: [makeEndpoint(origin.port)], routes: [route] });
}
