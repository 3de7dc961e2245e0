import type { Route } from '@signalbox/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestTls } from '../tls/client.ts';
import type { ProxyBench, ProxyStage } from './stage.ts';
import { sync } from './sync.ts';
import { createTlsBench, type TlsParts } from './tls-bench.ts';

const host = 'shop.test';
const tls = { mode: 'terminate' } as const;

/** Registers vitest tests: which routes hold on listeners with TLS, and which on those without. */
export function describeTlsRoutes(name: string, stage: ProxyStage): void {
  describe(`${name}: a route`, () => {
    let bench: ProxyBench & TlsParts;
    beforeAll(async () => {
      bench = await createTlsBench((shared) => stage.start(shared));
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

    it('for TLS alone is not to be had by a host that looks like one of its keys', async () => {
      await route({ secure: [{ hostnames: [host], tls }] });
      for (const forged of [`tls:${host}`, `tls%3a${host}`, 'tls', 'tls:']) {
        expect((await bench.request({ host: forged })).status, forged).not.toBe(200);
      }
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
        { message: 'it asks for the certificate "no\\"such", and there is none', service: shop.id },
      ]);
      expect((await requestTls(bench.tlsPort, { host })).body).toBe('shop');
      await sink[Symbol.asyncDispose]?.();
    });

    it('moves between services on both kinds of listeners at once', async () => {
      const sink = bench.createSink();
      const one = await bench.serve('one', { hostnames: [host] });
      const two = await bench.serve('two', { hostnames: ['b.test'] });
      await sync(sink, bench.catalog(one, two), bench);
      const moved = bench.catalog({ ...one, routes: two.routes! }, { ...two, routes: one.routes! });
      const actions = new Set((await sync(sink, moved, bench)).changes.map(({ action }) => action));
      expect([...actions].sort()).toEqual(stage.changesAtRuntime ? ['runtime'] : ['reload', 'update']);
      expect((await bench.request({ host })).body).toBe('two');
      expect((await requestTls(bench.tlsPort, { host })).body).toBe('two');
      await sink[Symbol.asyncDispose]?.();
    });
  });
}
