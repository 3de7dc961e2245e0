import type { Route } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestOptions } from './support/origins.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';
import { summaries, sync } from './support/services.ts';

const host = 'shop.test';
let bench: RoutingBench;
beforeEach(async () => {
  bench = await createRoutingBench(host);
});
afterEach(() => bench.close());

const hostnames = [host];
const prefix = (value: string) => ({ type: 'prefix', value }) as const;
const exact = (value: string) => ({ type: 'exact', value }) as const;
const regex = (value: string) => ({ type: 'regex', value }) as const;

it('each kind of condition holds where it should, and nowhere else', async () => {
  await bench.route({
    header: { hostnames, headers: [{ name: 'X-Canary', value: 'yes, please' }] },
    'header-regex': { hostnames, headers: [{ name: 'user-agent', value: '(?i)^curl/[78]', type: 'regex' }] },
    query: { hostnames, queryParams: [{ name: 'v', value: 'a b' }] },
    'query-regex': { hostnames, queryParams: [{ name: 'id', value: '^[0-9]{2,3}$', type: 'regex' }] },
    method: { hostnames, methods: ['PUT', 'PURGE'] },
    'path-regex': { hostnames, path: regex(`^/it's/\\d+$|\\.png$`) },
    brace: { hostnames, headers: [{ name: 'x-odd', value: '}' }] },
    option: { hostnames, headers: [{ name: 'x-odd', value: '-f' }] },
    both: { hostnames, headers: [{ name: 'a', value: '1' }], queryParams: [{ name: 'b', value: '2' }] },
    rest: { hostnames },
  });
  await expectAnswers([
    [{}, 'rest'],
    [{ headers: { 'x-canary': 'yes, please' } }, 'header'],
    [{ headers: { 'x-canary': ['no', 'yes, please'] } }, 'header'],
    [{ headers: { 'x-canary': 'yes' } }, 'rest'],
    [{ headers: { 'user-agent': 'CURL/7.1' } }, 'header-regex'],
    [{ headers: { 'user-agent': 'not curl/7.1' } }, 'rest'],
    [{ path: '/x?v=a+b' }, 'query'],
    [{ path: '/x?v=z&v=a%20b' }, 'query'],
    [{ path: '/x?v=a' }, 'rest'],
    [{ path: '/x?id=42' }, 'query-regex'],
    [{ path: '/x?id=4242' }, 'rest'],
    [{ method: 'PUT' }, 'method'],
    [{ method: 'PURGE' }, 'method'],
    [{ method: 'POST' }, 'rest'],
    [{ path: `/it's/7` }, 'path-regex'],
    [{ path: '/a.png?x=1' }, 'path-regex'],
    [{ path: '/a.gif?x=.png' }, 'rest'],
    [{ headers: { 'x-odd': '}' } }, 'brace'],
    [{ headers: { 'x-odd': '-f' } }, 'option'],
    [{ path: '/?b=2', headers: { a: '1' } }, 'both'],
    [{ path: '/?b=2' }, 'rest'],
    [{ headers: { a: '1' } }, 'rest'],
  ]);
});

it('the most specific route wins, whether a map or a rule has it', async () => {
  const canary = [{ name: 'canary', value: '1' }];
  await bench.route({
    'any-canary': { headers: canary },
    'wild-canary': { hostnames: ['*.test'], headers: canary },
    wild: { hostnames: ['*.test'], path: prefix('/api/v1/deep') },
    'host-canary': { hostnames, path: prefix('/api'), headers: canary },
    'host-longer': { hostnames, path: prefix('/api/v1') },
    'host-exact': { hostnames, path: exact('/api/x') },
    'host-exact-canary': { hostnames, path: exact('/api/v1/exact'), headers: canary },
    'host-regex': { hostnames, path: regex('^/a') },
    'host-any': { hostnames },
  });
  const headers = { canary: '1' };
  await expectAnswers([
    [{ path: '/api/y', headers }, 'host-canary'],
    [{ path: '/api', headers }, 'host-canary'],
    [{ path: '/apix', headers }, 'host-regex'],
    [{ path: '/api/y' }, 'host-regex'],
    [{ path: '/api/v1/y', headers }, 'host-longer'],
    [{ path: '/api/x', headers }, 'host-exact'],
    [{ path: '/api/v1/exact', headers }, 'host-exact-canary'],
    [{ path: '/api/v1/exact' }, 'host-longer'],
    [{ path: '/', headers }, 'host-any'],
    [{ host: 'other.test', path: '/', headers }, 'wild-canary'],
    [{ host: 'other.test', path: '/api/v1/deep/x', headers }, 'wild'],
    [{ host: 'other.example', path: '/', headers }, 'any-canary'],
    [{ host: 'other.example', path: '/' }, 404],
    [{ host: 'other.test', path: '/' }, 404],
  ]);
});

it('of rules at one spot: method, more headers, more query parameters, priority, id', async () => {
  const one = { name: 'a', value: '1' };
  const two = { name: 'b', value: '1' };
  await bench.route({
    'a-query': { hostnames, queryParams: [{ name: 'q', value: '1' }] },
    'b-two-queries': { hostnames, queryParams: [one, two] },
    'c-header': { hostnames, headers: [one] },
    'd-two-headers': { hostnames, headers: [one, two] },
    'e-method': { hostnames, methods: ['POST'] },
    'f-low': { hostnames, headers: [{ name: 'f', value: '1' }] },
    'g-high': { hostnames, headers: [{ name: 'g', value: '1' }], priority: 5 },
    'h-low': { hostnames, headers: [{ name: 'h', value: '1' }] },
  });
  const query = '/?q=1&a=1&b=1';
  await expectAnswers([
    [{ path: query, method: 'POST', headers: { a: '1', b: '1' } }, 'e-method'],
    [{ path: query, headers: { a: '1', b: '1' } }, 'd-two-headers'],
    [{ path: query, headers: { a: '1' } }, 'c-header'],
    [{ path: query }, 'b-two-queries'],
    [{ path: '/?q=1&a=1' }, 'a-query'],
    [{ headers: { f: '1', g: '1', h: '1' } }, 'g-high'],
    [{ headers: { f: '1', h: '1' } }, 'f-low'],
  ]);
});

describe('what a rule leads to', () => {
  it('keeps the service in its backend, and changes endpoints and plain routes at runtime', async () => {
    const canary: Route = { hostnames, headers: [{ name: 'canary', value: '1' }] };
    const old = await bench.serve('old', canary);
    const fresh = { ...old, endpoints: (await bench.serve('fresh')).endpoints };
    const plain = await bench.serve('plain', { hostnames });
    const sink = bench.createSink();
    await sync(sink, bench.catalog(old, plain), bench);
    const pid = await bench.pid();
    await sync(sink, bench.catalog(fresh, plain), bench);
    expect((await bench.request({ headers: { canary: '1' } })).body).toBe('fresh');
    const more = { ...plain, routes: [{ hostnames: [host, 'more.test'] }] };
    const plan = await sync(sink, bench.catalog(fresh, more), bench);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect(await bench.pid()).toBe(pid);
    const changed = await sync(
      sink,
      bench.catalog({ ...fresh, routes: [{ ...canary, methods: ['GET'] }] }, more),
      bench,
    );
    expect(changed.changes.map(({ action }) => action)).toContain('reload');
    expect(await bench.pid()).not.toBe(pid);
  });

  it('waits for the reload together with its plain routes, so that none is missing or too wide in between', async () => {
    const shop = await bench.serve('shop');
    const make = (...routes: Route[]) => ({ ...shop, routes });
    const sink = bench.createSink({ reload: { minIntervalMs: 3_000, jitterMs: 0 } });
    const first = bench.catalog(make({ hostnames }));
    await sync(sink, first, bench);
    await sync(sink, bench.catalog(make({ hostnames }, { hostnames, headers: [{ name: 'x', value: '1' }] })), bench);
    const catalog = bench.catalog(make({ hostnames, methods: ['GET'] }));
    const plan = await sink.plan(catalog, bench.context);
    await plan.apply();
    expect(plan.deferred).toBeDefined();
    expect(summaries(plan)).toEqual([]);
    expect((await bench.request()).body).toBe('shop');
    await sync(sink, catalog, bench);
    expect((await bench.request()).body).toBe('shop');
    expect((await bench.request({ method: 'POST' })).status).toBe(404);
  });
});

it('a regular expression that only HAProxy refuses costs its service, and names it', async () => {
  // Node takes a look-behind of any length.
  const sink = bench.createSink();
  const guilty = await bench.serve('guilty', { hostnames, path: regex('(?<=/a*)b') });
  const fine = await bench.serve('fine', { hostnames, path: regex('^/a+') });
  const catalog = bench.catalog(guilty, fine);
  const { warnings } = await sync(sink, catalog, bench);
  expect(warnings).toEqual([{ service: guilty.id, message: expect.stringContaining('left out, HAProxy refuses it') }]);
  await expectAnswers([[{ path: '/aab' }, 'fine']]);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

async function expectAnswers(cases: readonly (readonly [RequestOptions, string | number])[]): Promise<void> {
  const answers = [];
  for (const [options, wanted] of cases) {
    const { status, body } = await bench.request(options);
    answers.push([options, typeof wanted === 'number' ? status : body]);
  }
  expect(answers).toEqual(cases);
}
