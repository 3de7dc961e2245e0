import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';

describe.each(modes)('mode %s', (mode) => {
  let bench: RoutingBench;
  beforeEach(async () => {
    bench = await createRoutingBench('shop.test', { mode });
  });
  afterEach(() => bench.close());

  const seen = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await bench.request({ path, headers });
    return JSON.parse(String(answer.headers['x-seen'])) as { url: string; headers: Record<string, string> };
  };

  it('conditions: method, header, query, regular expression on the path; the more specific first', async () => {
    await bench.route({
      any: { hostnames: ['shop.test'] },
      posts: { hostnames: ['shop.test'], methods: ['POST', 'PUT'] },
      beta: { hostnames: ['shop.test'], headers: [{ name: 'X-Beta', value: 'yes' }] },
      version: { hostnames: ['shop.test'], headers: [{ name: 'x-version', value: '^v[23]$', type: 'regex' }] },
      query: { hostnames: ['shop.test'], queryParams: [{ name: 'q', value: 'a b&c' }] },
      images: { hostnames: ['shop.test'], path: { type: 'regex', value: '\\.(png|jpg)$' } },
      api: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api' } },
    });
    const cases: [path: string, options: object, body: string][] = [
      ['/', {}, 'any'],
      ['/', { method: 'POST' }, 'posts'],
      ['/', { headers: { 'X-Beta': 'yes' } }, 'beta'],
      ['/', { headers: { 'X-Beta': 'YES' } }, 'any'],
      ['/', { headers: { 'x-version': 'v3' } }, 'version'],
      ['/', { headers: { 'x-version': 'v33' } }, 'any'],
      ['/?q=a%20b%26c', {}, 'query'],
      ['/?x=1&q=a+b%26c&y', {}, 'query'],
      ['/?q=a%20b&c', {}, 'any'],
      ['/x/y.png?z', {}, 'images'],
      ['/x/y.png/z', {}, 'any'],
      ['/api/y.png', {}, 'api'],
    ];
    const answers = [];
    for (const [path, options] of cases) {
      answers.push([path, options, (await bench.request({ path, ...options })).body]);
    }
    expect(answers).toEqual(cases);
  });

  it('redirects say where, and keep what they do not change', async () => {
    await bench.route({
      host: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/host' }, redirect: { hostname: 'new.test' } },
      path: {
        hostnames: ['shop.test'],
        path: { type: 'prefix', value: '/path' },
        redirect: { path: '/new', status: 308 },
      },
      port: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/port' }, redirect: { port: 8443 } },
      https: {
        hostnames: ['shop.test'],
        path: { type: 'prefix', value: '/https' },
        redirect: { scheme: 'https', status: 301 },
      },
    });
    const at = async (path: string, headers = {}, host = 'shop.test') => {
      const answer = await bench.request({ host, path, headers });
      return [answer.status, answer.headers.location ?? answer.body];
    };
    expect(await at('/host/a?b=c')).toEqual([302, '//new.test/host/a?b=c']);
    expect(await at('/host', {}, 'shop.test:81')).toEqual([302, '//new.test:81/host']);
    expect(await at('/path/a?b=c')).toEqual([308, '/new?b=c']);
    expect(await at('/port/a')).toEqual([302, '//shop.test:8443/port/a']);
    expect(await at('/https/a?b')).toEqual([301, 'https://shop.test/https/a?b']);
    expect(await at('/https/a', { 'x-forwarded-proto': 'https' })).toEqual([200, 'https']);
  });

  it('rewrites host, path and prefix, and keeps the query', async () => {
    await bench.route({
      whole: {
        hostnames: ['shop.test'],
        path: { type: 'exact', value: '/whole' },
        rewrite: { path: '/new', hostname: 'inner.test' },
      },
      prefix: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/old' }, rewrite: { pathPrefix: '/new/' } },
      root: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/strip' }, rewrite: { pathPrefix: '/' } },
    });
    const whole = await seen('/whole?a=b');
    expect([whole.url, whole.headers.host]).toEqual(['/new?a=b', 'inner.test']);
    expect((await seen('/old')).url).toBe('/new');
    expect((await seen('/old/a%2Fb?c=d')).url).toBe('/new/a%2Fb?c=d');
    expect((await seen('/strip')).url).toBe('/');
    expect((await seen('/strip/x?y')).url).toBe('/x?y');
    expect((await seen('/old')).headers.host).toBe('shop.test');
  });

  it('edits headers of requests and answers, and any text in them', async () => {
    const value = 'a "b" \\ $host %[y] ; { } #';
    await bench.route({
      edits: {
        hostnames: ['shop.test'],
        requestHeaders: { set: { 'X-Set': value }, add: { 'X-Add': 'more' }, remove: ['X-Gone'] },
        responseHeaders: { set: { 'X-Answer': value, 'X-Origin': 'hidden' }, remove: ['X-Powered-By'] },
      },
    });
    const answer = await bench.request({ headers: { 'X-Set': 'old', 'X-Add': 'first', 'X-Gone': 'here' } });
    const { headers } = JSON.parse(String(answer.headers['x-seen'])) as { headers: Record<string, string> };
    expect(headers['x-set']).toBe(value);
    expect(headers['x-add']).toBe('first, more');
    expect(headers['x-gone']).toBeUndefined();
    expect(answer.headers['x-answer']).toBe(value);
    expect(answer.headers['x-origin']).toBe('hidden');
  });

  it('who may come in is asked first, or the route is closed', async () => {
    const sink = bench.createSink();
    const auth = { realm: 'inner', users: ['anna:$5$abc$sCOGUciM.GdmYMCUvmUcgu03oRH87O0clF96.9mwWGB'] };
    const open = await bench.serve('open', { hostnames: ['shop.test'] });
    const closed = await bench.serve('closed', {
      hostnames: ['shop.test'],
      path: { type: 'prefix', value: '/in' },
      auth,
      redirect: { path: '/secret' },
    });
    const plan = await sync(sink, bench.catalog(open, closed), bench);
    const messages = plan.warnings.map(({ message }) => message);
    const status = async (credentials?: string) => {
      const encoded = Buffer.from(credentials ?? '').toString('base64');
      const headers = credentials === undefined ? {} : { authorization: `Basic ${encoded}` };
      return (await bench.request({ path: '/in', headers })).status;
    };
    if (mode === 'reload') {
      expect(messages).toEqual(['a route is closed to everybody: nginx needs its Lua module for basic authentication']);
      expect(await status('anna:x')).toBe(403);
      return;
    }
    expect(messages).toEqual([]);
    const refused = await bench.request({ path: '/in' });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="inner"']);
    expect(await status('anna:y')).toBe(401);
    expect(await status('bert:x')).toBe(401);
    expect(await status('anna:x')).toBe(302);
  });
});
