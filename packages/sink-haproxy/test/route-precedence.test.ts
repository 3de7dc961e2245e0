import type { Route } from '@signalbox/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';
import { sync } from './support/services.ts';

let bench: RoutingBench;
beforeAll(async () => {
  bench = await createRoutingBench('shop.test');
});
afterAll(() => bench.close());

const match = fc.constantFrom({ name: 'a', value: '1' }, { name: 'b', value: '1' });
/** Mostly none, so that routes of maps and of rules meet at one spot. */
const few = <Item>(item: fc.Arbitrary<Item>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.uniqueArray(item, { maxLength: 2 }));
const route = fc.record(
  {
    hostnames: fc.subarray(['shop.test', '*.shop.test', '*.test', 'eu.shop.test'], { minLength: 1, maxLength: 2 }),
    path: fc.record({ type: fc.constantFrom('exact', 'prefix', 'regex'), value: fc.constantFrom('/', '/a', '/a/b') }),
    headers: few(match),
    queryParams: few(match),
    methods: few(fc.constantFrom('GET', 'PUT')),
    priority: fc.integer({ min: 0, max: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Route>;

interface Request {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly header: string | undefined;
  readonly query: string | undefined;
}

const requests: readonly Request[] = ['shop.test', 'eu.shop.test', 'x.eu.shop.test', 'a.test', 'none.example'].flatMap(
  (host) =>
    ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab'].flatMap((path) =>
      [
        { method: 'GET', header: undefined, query: undefined },
        { method: 'PUT', header: 'a', query: undefined },
        { method: 'PATCH', header: 'b', query: 'a' },
      ].map((rest) => ({ host, path, ...rest })),
    ),
);

it('of any routes the one takes a request that the Gateway API says', async () => {
  const names = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'];
  const services = await Promise.all(names.map((name) => bench.serve(name)));
  const sink = bench.createSink();
  await fc.assert(
    fc.asyncProperty(fc.array(route, { minLength: 8, maxLength: 8 }), async (routes) => {
      const catalog = bench.catalog(
        ...services.map((service, index) => ({ ...service, routes: [routes[index] ?? {}] })),
      );
      await sync(sink, catalog, bench);
      const answers = [];
      for (const request of requests) {
        const { host, method, header, query } = request;
        const path = query === undefined ? request.path : `${request.path}?${query}=1`;
        const headers: Record<string, string> = header === undefined ? {} : { [header]: '1' };
        const { status, body } = await bench.request({ host, path, method, headers });
        answers.push(status === 404 ? undefined : body);
      }
      expect(answers).toEqual(requests.map((request) => decide(request, routes)));
    }),
    { numRuns: 8 },
  );
}, 60_000);

/** The same by the words of the specification: each route that takes the request with its precedence, and the greatest of them. */
function decide(request: Request, routes: readonly Route[]): string | undefined {
  const found = routes.flatMap((one, index) => {
    const { hostnames, headers = [], queryParams = [], methods = [], priority = 0 } = one;
    const hosts = (hostnames ?? ['*']).flatMap((host) => rankHost(host, request.host));
    const path = rankPath(one.path, request.path);
    if (hosts.length === 0 || path === undefined) return [];
    if (methods.length > 0 && !methods.includes(request.method)) return [];
    if (!headers.every(({ name }) => name === request.header)) return [];
    if (!queryParams.every(({ name }) => name === request.query)) return [];
    const ranks = [Math.max(...hosts), path, Math.min(methods.length, 1), headers.length, queryParams.length];
    return [{ name: `r${index}`, ranks: [...ranks, priority, -index] }];
  });
  found.sort((left, right) => {
    const difference = right.ranks.map((rank, index) => rank - (left.ranks[index] ?? 0));
    return difference.find((number) => number !== 0) ?? 0;
  });
  return found[0]?.name;
}

function rankHost(pattern: string, host: string): readonly number[] {
  if (pattern === '*') return [0];
  if (!pattern.startsWith('*.')) return pattern === host ? [1_000] : [];
  return host.endsWith(pattern.slice(1)) ? [pattern.length] : [];
}

function rankPath(match: Route['path'], path: string): number | undefined {
  const { type, value } = match ?? { type: 'prefix', value: '/' };
  if (type === 'exact') return path === value ? 1_000 : undefined;
  if (type === 'regex') return new RegExp(value).test(path) ? 1.5 : undefined;
  return value === '/' || path === value || path.startsWith(`${value}/`) ? value.length : undefined;
}
