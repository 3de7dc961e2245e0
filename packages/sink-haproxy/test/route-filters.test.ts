import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestOptions } from './support/origins.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';
import { sync } from './support/services.ts';

let bench: RoutingBench;
beforeEach(async () => {
  bench = await createRoutingBench('shop.test');
});
afterEach(() => bench.close());

const hostnames = ['shop.test'];
const prefix = (value: string) => ({ type: 'prefix', value }) as const;

it('a redirect says where to go, and keeps what it does not name', async () => {
  await bench.route({
    scheme: { hostnames: ['scheme.test'], redirect: { scheme: 'https', status: 301 } },
    host: { hostnames: ['host.test'], redirect: { hostname: 'new.test' } },
    port: { hostnames: ['port.test'], redirect: { port: 8443, scheme: 'https', status: 308 } },
    'default-port': { hostnames: ['default.test'], redirect: { port: 443, scheme: 'https', hostname: 'new.test' } },
    path: { hostnames: ['path.test'], path: prefix('/old'), redirect: { path: '/100%25', status: 307 } },
    all: {
      hostnames: ['all.test'],
      redirect: { scheme: 'http', hostname: 'new.test', port: 81, path: '/', status: 303 },
    },
    conditional: { hostnames, methods: ['GET'], redirect: { hostname: 'read.test' } },
    plain: { hostnames },
  });
  const cases: [RequestOptions, number, string | undefined][] = [
    [{ host: 'scheme.test:8080', path: '/a?b=c' }, 301, 'https://scheme.test/a?b=c'],
    [{ host: 'scheme.test', headers: { 'x-forwarded-proto': 'https' } }, 200, undefined],
    [{ host: 'host.test', path: '/a?b=%25' }, 302, '//new.test/a?b=%25'],
    [{ host: 'host.test:8080', path: '/' }, 302, '//new.test:8080/'],
    [{ host: 'port.test:8080', path: '/x' }, 308, 'https://port.test:8443/x'],
    [{ host: 'default.test:8080', path: '/x' }, 302, 'https://new.test/x'],
    [{ host: 'path.test', path: '/old/x?a=1&b=2' }, 307, '/100%25?a=1&b=2'],
    [{ host: 'path.test', path: '/old' }, 307, '/100%25'],
    [{ host: 'all.test', path: '/x?y' }, 303, 'http://new.test:81/?y'],
    [{ path: '/x' }, 302, '//read.test/x'],
    [{ method: 'POST', path: '/x' }, 200, undefined],
  ];
  const answers = [];
  for (const [options] of cases) {
    const { status, headers } = await bench.request(options);
    answers.push([options, status, headers.location]);
  }
  expect(answers).toEqual(cases);
});

it('a rewrite changes what the application sees', async () => {
  await bench.route({
    prefix: { hostnames, path: prefix('/api/v1.0'), rewrite: { pathPrefix: '/v1%20' } },
    strip: { hostnames, path: prefix('/strip/'), rewrite: { pathPrefix: '/' } },
    add: { hostnames: ['add.test'], rewrite: { pathPrefix: '/inner/' } },
    whole: { hostnames, path: { type: 'regex', value: '^/img/' }, rewrite: { path: '/image' } },
    host: { hostnames: ['*.shop.test'], rewrite: { hostname: 'inner.test' } },
  });
  const cases: [RequestOptions, string, string][] = [
    [{ path: '/api/v1.0' }, '/v1%20', 'shop.test'],
    [{ path: '/api/v1.0/' }, '/v1%20/', 'shop.test'],
    [{ path: '/api/v1.0/x/y?z=/api/v1.0' }, '/v1%20/x/y?z=/api/v1.0', 'shop.test'],
    [{ path: '/strip' }, '/', 'shop.test'],
    [{ path: '/strip/x?y' }, '/x?y', 'shop.test'],
    [{ host: 'add.test', path: '/' }, '/inner/', 'add.test'],
    [{ host: 'add.test', path: '/x' }, '/inner/x', 'add.test'],
    [{ path: '/img/1?size=2' }, '/image?size=2', 'shop.test'],
    [{ host: 'a.shop.test', path: '/x' }, '/x', 'inner.test'],
  ];
  const answers = [];
  for (const [options] of cases) {
    const { url, headers } = await see(options);
    answers.push([options, url, headers.host]);
  }
  expect(answers).toEqual(cases);
});

it('headers are removed, set and added, of requests and of answers', async () => {
  await bench.route({
    edits: {
      hostnames,
      requestHeaders: {
        set: { 'X-Set': `100% it's "so" $HOME`, 'x-both': '1' },
        add: { 'x-more': '2' },
        remove: ['cookie'],
      },
      responseHeaders: { set: { 'X-Set': '%[src] \\1' }, add: { 'x-origin': 'proxy' }, remove: ['date'] },
    },
    none: { hostnames: ['none.test'] },
  });
  const headers = { cookie: 'a=b', 'x-set': 'old', 'x-more': '1' };
  const seen = (await see({ headers })).headers;
  expect(seen).toMatchObject({ 'x-set': `100% it's "so" $HOME`, 'x-both': '1', 'x-more': '1, 2' });
  expect(seen).not.toHaveProperty('cookie');
  const answer = (await bench.request({ headers })).headers;
  expect(answer).toMatchObject({ 'x-set': '%[src] \\1', 'x-origin': 'edits, proxy' });
  expect(answer).not.toHaveProperty('date');
  expect((await see({ host: 'none.test', headers })).headers).toMatchObject(headers);
  expect((await bench.request({ host: 'none.test' })).headers).toMatchObject({
    'x-origin': 'none',
    date: expect.any(String),
  });
});

describe('filters belong to routes', () => {
  const tag = (value: string) => ({ requestHeaders: { set: { 'x-route': value } } });

  it('and two routes of one service differ, whether a map or a rule leads to it', async () => {
    const service = await bench.serve(
      'shop',
      { hostnames, ...tag('map') },
      { hostnames, methods: ['PUT'], ...tag('rule') },
      { hostnames, path: prefix('/plain') },
    );
    await sync(bench.createSink(), bench.catalog(service), bench);
    const routes = [];
    for (const options of [{}, { method: 'PUT' }, { path: '/plain', method: 'PUT' }]) {
      routes.push((await see(options)).headers['x-route']);
    }
    expect(routes).toEqual(['map', 'rule', undefined]);
  });

  it('one more host name for a known filter needs no reload, a new filter does, and no request meets the route without it', async () => {
    const sink = bench.createSink();
    const service = await bench.serve('shop', { hostnames, ...tag('1') });
    const change = (...routes: Route[]) => sync(sink, bench.catalog({ ...service, routes }), bench);
    await change({ hostnames, ...tag('1') });
    const more = await change({ hostnames: [...hostnames, 'more.test'], ...tag('1') });
    expect(more.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect((await see({ host: 'more.test' })).headers['x-route']).toBe('1');
    const plan = await change({ hostnames, ...tag('1') }, { hostnames: ['other.test'], ...tag('2') });
    expect(plan.changes.map(({ action }) => action)).toEqual(['reload']);
    expect((await see({ host: 'other.test' })).headers['x-route']).toBe('2');
    expect((await bench.request({ host: 'more.test' })).status).toBe(404);
  });

  it('and one of two at the same spot is named as left out', async () => {
    const service = await bench.serve('shop', { hostnames, ...tag('first') }, { hostnames, ...tag('second') });
    const { warnings } = await sync(bench.createSink(), bench.catalog(service), bench);
    expect(warnings).toEqual([
      { service: service.id, message: 'the route shop.test/ was left out: another route of the service has it' },
    ]);
    expect((await see({})).headers['x-route']).toBe('first');
  });
});

async function see(options: RequestOptions): Promise<{ url: string; headers: IncomingHttpHeaders }> {
  const { status, headers } = await bench.request(options);
  expect(status).toBe(200);
  return JSON.parse(String(headers['x-seen'])) as { url: string; headers: IncomingHttpHeaders };
}
