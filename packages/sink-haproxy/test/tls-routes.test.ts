import type { Route } from '@signalbox/core';
import { requestTls } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from './support/origins.ts';
import { sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  bench = await createTlsBench();
  await bench.certify('shop.test');
});
afterEach(() => bench.close());

const host = 'shop.test';
const tls = { mode: 'terminate' } as const;

/** Applies the routes, each of a service of its own, and gives what answers at the path, by plain HTTP and over TLS. */
async function route(
  routes: Readonly<Record<string, readonly Route[]>>,
): Promise<(path: string) => Promise<readonly [string, string]>> {
  const sink = bench.createSink();
  const services = await Promise.all(Object.entries(routes).map(([name, own]) => bench.serve(name, ...own)));
  const catalog = bench.catalog(...services);
  expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  return async (path) => {
    const answers = [await request(bench.plainPort, { host, path }), await requestTls(bench.tlsPort, { host, path })];
    return answers.map(({ status, headers, body }) =>
      status === 200 ? body : `${status} ${headers.location ?? ''}`.trim(),
    ) as unknown as readonly [string, string];
  };
}

describe('a route', () => {
  it('without `tls` holds on all listeners, one with `terminate` where TLS ends', async () => {
    const at = await route({
      both: [{ hostnames: [host], path: { type: 'prefix', value: '/both' } }],
      secure: [{ hostnames: [host], path: { type: 'prefix', value: '/secure' }, tls }],
    });
    expect(await at('/both')).toEqual(['both', 'both']);
    expect(await at('/secure/x')).toEqual(['404', 'secure']);
  });

  it('for TLS alone leaves plain requests to the next specific one', async () => {
    const at = await route({
      narrow: [{ hostnames: [host], path: { type: 'exact', value: '/a/b' }, tls }],
      prefix: [{ hostnames: [host], path: { type: 'prefix', value: '/a' } }],
      wild: [{ hostnames: ['*.test'], tls }],
      any: [{}],
    });
    expect(await at('/a/b')).toEqual(['prefix', 'narrow']);
    expect(await at('/a/b/c')).toEqual(['prefix', 'prefix']);
    expect(await at('/')).toEqual(['any', 'wild']);
  });

  it('for TLS alone stands beside the redirect of its host, and nothing loops', async () => {
    const at = await route({
      shop: [
        { hostnames: [host], tls },
        { hostnames: [host], redirect: { scheme: 'https', status: 301 } },
      ],
    });
    expect(await at('/x?y=z')).toEqual([`301 https://${host}/x?y=z`, 'shop']);
  });

  it('with a redirect alone passes over TLS, whatever the client says', async () => {
    const at = await route({ shop: [{ hostnames: [host], redirect: { scheme: 'https' } }] });
    expect(await at('/')).toEqual([`302 https://${host}/`, 'shop']);
    const headers = { 'x-forwarded-proto': 'https' };
    expect((await request(bench.plainPort, { host, headers })).status).toBe(302);
  });

  it('with conditions may be for TLS alone', async () => {
    const at = await route({
      any: [{ hostnames: [host], methods: ['GET'] }],
      secure: [{ hostnames: [host], methods: ['GET'], tls }],
    });
    expect(await at('/')).toEqual(['any', 'secure']);
  });
});

it('no client can ask for the routes of TLS by a name', async () => {
  await route({ secure: [{ hostnames: [host], tls }] });
  for (const name of [`tls:${host}`, `tls%3a${host}`, 'tls', 'tls:']) {
    expect((await request(bench.plainPort, { host: name })).status).not.toBe(200);
  }
});

it('applications learn how the client came, and not from the client', async () => {
  await route({ shop: [{ hostnames: [host] }] });
  const forged = { 'x-forwarded-proto': 'gopher' };
  const seen = [
    await request(bench.plainPort, { host, headers: forged }),
    await requestTls(bench.tlsPort, { host, headers: forged }),
  ].map(({ headers }) => JSON.parse(String(headers['x-seen'])).headers['x-forwarded-proto']);
  expect(seen).toEqual(['http', 'https']);
});

it('a certificate that a route asks for and nobody has is named, and the route stays', async () => {
  const sink = bench.createSink();
  const shop = await bench.serve('shop', { hostnames: [host], tls: { mode: 'terminate', certificate: 'no"such' } });
  const catalog = bench.catalog(shop);
  expect((await sync(sink, catalog, bench)).warnings).toEqual([
    { message: 'a route asks for the certificate "no\\"such", and there is none', service: shop.id },
  ]);
  expect((await requestTls(bench.tlsPort, { host })).body).toBe('shop');
});

it('a route moves between services by the Runtime API, on both kinds of listeners', async () => {
  const sink = bench.createSink();
  const one = await bench.serve('one', { hostnames: [host] });
  const two = await bench.serve('two');
  await sync(sink, bench.catalog(one, { ...two, routes: [{ hostnames: ['b.test'] }] }), bench);
  const plan = await sync(
    sink,
    bench.catalog({ ...one, routes: [{ hostnames: ['b.test'] }] }, { ...two, routes: [{ hostnames: [host] }] }),
    bench,
  );
  expect(new Set(plan.changes.map(({ action }) => action))).toEqual(new Set(['runtime']));
  expect((await request(bench.plainPort, { host })).body).toBe('two');
  expect((await requestTls(bench.tlsPort, { host })).body).toBe('two');
});
