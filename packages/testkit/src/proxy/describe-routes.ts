import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../http/origin.ts';
import { freePort } from '../ports/free-port.ts';
import { createRoutingBench, type RoutingParts } from './routing-bench.ts';
import type { ProxyBench, ProxyStage } from './stage.ts';
import { summaries, sync } from './sync.ts';

/** Registers vitest tests: which service gets a request, and how that changes. */
export function describeRoutes(name: string, stage: ProxyStage): void {
  describe(`${name}: routes`, () => {
    let bench: ProxyBench & RoutingParts;
    beforeEach(async () => {
      bench = await createRoutingBench('shop.test', (shared) => stage.start(shared));
    });
    afterEach(() => bench.close());

    it('the most specific wins: exact host, longer wildcard, any host; exact path, longest prefix', async () => {
      await bench.route({
        any: {},
        'any-api': { path: { type: 'prefix', value: '/api' } },
        'exact-path': { hostnames: ['shop.test'], path: { type: 'exact', value: '/api/v1' } },
        host: { hostnames: ['shop.test'] },
        'host-api': { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api' } },
        'host-api-v1': { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api/v1/' } },
        wild: { hostnames: ['*.shop.test'] },
        'wild-deep': { hostnames: ['*.eu.shop.test'], path: { type: 'prefix', value: '/x' } },
      });
      const cases: [host: string, path: string, body: string][] = [
        ['shop.test', '/', 'host'],
        ['SHOP.test:8080', '/other?a=/api', 'host'],
        ['shop.test', '/api', 'host-api'],
        ['shop.test', '/api/', 'host-api'],
        ['shop.test', '/api/x', 'host-api'],
        ['shop.test', '/apix', 'host'],
        ['shop.test', '/API', 'host'],
        ['shop.test', '/api/v1', 'exact-path'],
        ['shop.test', '/api/v1?a=/', 'exact-path'],
        ['shop.test', '/api/v1/', 'host-api-v1'],
        ['shop.test', '/api/v1/?', 'host-api-v1'],
        ['shop.test', '/api/v1//?', 'host-api-v1'],
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
      for (const [host, path] of cases) answers.push([host, path, (await bench.request({ host, path })).body]);
      expect(answers).toEqual(cases);
    });

    it('what nobody takes is not found, and a service without endpoints is not available', async () => {
      const one = await bench.serve('one', { hostnames: ['a.test'] });
      const two = { ...(await bench.serve('two', { hostnames: ['b.test'] })), endpoints: [] };
      await sync(bench.createSink(), bench.catalog(one, two), bench);
      expect((await bench.request({ host: 'a.test' })).body).toBe('one');
      expect((await bench.request({ host: 'b.test' })).status).toBe(503);
      expect((await bench.request({ host: 'c.test' })).status).toBe(404);
    });

    it('one moves, and the plan says where', async () => {
      const sink = bench.createSink();
      const one = await bench.serve('one', { hostnames: ['a.test'] });
      const two = await bench.serve('two', { hostnames: ['b.test'] });
      await sync(sink, bench.catalog(one, two), bench);
      const plan = await sync(
        sink,
        bench.catalog(one, { ...two, routes: [{ hostnames: ['b.test', 'c.test'] }] }),
        bench,
      );
      expect(plan.changes[0]?.services).toEqual([two.id]);
      expect(plan.changes[0]?.summary).toContain('c.test');
      expect(plan.changes.map(({ action }) => action)).toEqual(
        stage.changesAtRuntime ? ['runtime'] : ['create', 'reload'],
      );
      expect((await bench.request({ host: 'c.test' })).body).toBe('two');
      const gone = await sync(sink, bench.catalog(one, { ...two, routes: [{ hostnames: ['c.test'] }] }), bench);
      expect(summaries(gone)[0]).toBe(stage.describeRemoval('b.test'));
      expect((await bench.request({ host: 'b.test' })).status).toBe(404);
    });

    it('a service port leads to its service, whatever the host', async () => {
      const port = await freePort();
      const catalog = bench.catalog({ ...(await bench.serve('one')), port });
      expect((await sync(bench.createSink(), catalog, bench)).warnings).toEqual([]);
      expect((await request(port, { host: 'whatever.test', path: '/a?b' })).body).toBe('one');
      const again = await bench.createSink().plan(catalog, bench.context);
      expect([again.changes, again.warnings]).toEqual([[], []]);
    });

    it('one with a wish that cannot be granted is left out, never widened', async () => {
      const service = await bench.serve('one', { hostnames: ['a.test'], tls: { mode: 'terminate' } });
      const { warnings } = await sync(bench.createSink(), bench.catalog(service), bench);
      expect(warnings).toEqual([
        {
          message: 'a route was left out: it asks for TLS, and the sink has no listener with `tls`',
          service: service.id,
        },
      ]);
      expect((await bench.request({ host: 'a.test' })).status).toBe(404);
    });
  });
}
