import type { Route } from '@signalbox/core';
import { requestTls } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

const host = 'shop.test';
const tls = { mode: 'terminate' } as const;

describe.each(modes)('a route (%s)', (mode) => {
  let bench: TlsBench;
  beforeAll(async () => {
    bench = await createTlsBench({ mode });
    await bench.certify(host);
  });
  afterAll(() => bench.close());

  /** Applies the routes, each of a service of its own, and gives what answers at the path, by plain HTTP and over TLS. */
  async function route(
    routes: Readonly<Record<string, readonly Route[]>>,
  ): Promise<(path: string) => Promise<readonly string[]>> {
    const sink = bench.createSink();
    const services = await Promise.all(Object.entries(routes).map(([name, own]) => bench.serve(name, ...own)));
    const catalog = bench.catalog(...services);
    expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    await sink[Symbol.asyncDispose]?.();
    return async (path) => {
      const answers = [await bench.request({ host, path }), await requestTls(bench.tlsPort, { host, path })];
      return answers.map(({ status, headers, body }) =>
        status === 200 ? body : `${status} ${headers.location ?? ''}`.trim(),
      );
    };
  }

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
    expect((await bench.request({ host, headers: { 'x-forwarded-proto': 'https' } })).status).toBe(302);
  });

  it('with conditions may be for TLS alone', async () => {
    const at = await route({
      any: [{ hostnames: [host], methods: ['GET'] }],
      secure: [{ hostnames: [host], methods: ['GET'], tls }],
    });
    expect(await at('/')).toEqual(['any', 'secure']);
  });

  it('tells applications how the client came, and not by what the client says', async () => {
    await route({ shop: [{ hostnames: [host] }] });
    const forged = { 'x-forwarded-proto': 'gopher' };
    const seen = [
      await bench.request({ host, headers: forged }),
      await requestTls(bench.tlsPort, { host, headers: forged }),
    ].map(({ headers }) => JSON.parse(String(headers['x-seen'])).headers['x-forwarded-proto']);
    expect(seen).toEqual(['http', 'https']);
  });

  it('that asks for a certificate which nobody has stays, and it is named', async () => {
    const sink = bench.createSink();
    const shop = await bench.serve('shop', { hostnames: [host], tls: { mode: 'terminate', certificate: 'no"such' } });
    expect((await sync(sink, bench.catalog(shop), bench)).warnings).toEqual([
      { message: 'a route asks for the certificate "no\\"such", and there is none', service: shop.id },
    ]);
    expect((await requestTls(bench.tlsPort, { host })).body).toBe('shop');
    await sink[Symbol.asyncDispose]?.();
  });
});
