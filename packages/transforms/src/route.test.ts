import type { Service } from '@signalbox/core';
import { service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { describe, expect, test } from 'vitest';
import type { RouteRule } from './route/route-options.ts';
import { route } from './route.ts';
import { messageOf } from './testing/message-of.ts';

const web = service('/shop/web', { labels: { tier: 'front' } });
const api = service('/shop/api', {
  routes: [{ hostnames: ['old.example.com'] }],
  traffic: { retries: 1, timeouts: { idleMs: 5 } },
});
const batch = service('/jobs/batch');

describeTransformContract('route', {
  plugin: route,
  packageType: 'route',
  load: () => import('./route.ts'),
  options: { rules: [{ match: '/shop/*', hostnames: ['shop.example.com'] }] },
  services: [web, api, batch],
});

function apply(item: Service, ...rules: RouteRule[]): Service {
  return [...route({ rules }).transform([item])][0] as Service;
}

describe('a rule', () => {
  test('publishes a service by its host name', () => {
    expect(apply(web, { match: '/shop/web', hostnames: ['Shop.Example.com'] })).toEqual({
      ...web,
      appProtocol: 'http',
      routes: [{ hostnames: ['shop.example.com'] }],
    });
  });

  test('takes a string for a path prefix', () => {
    const { routes } = apply(web, { match: '*', path: '/api', priority: 3 });
    expect(routes).toEqual([{ path: { type: 'prefix', value: '/api' }, priority: 3 }]);
  });

  test('asks for TLS on the port of the service', () => {
    expect(apply(web, { match: '*', portTls: true })).toEqual({ ...web, portTls: {} });
    const rule: RouteRule = { match: '*', port: 8_443, portTls: { certificate: 'shop.example.com' } };
    expect(apply(web, rule)).toEqual({ ...web, port: 8_443, portTls: { certificate: 'shop.example.com' } });
  });

  test('has a full form for several routes', () => {
    const rule: RouteRule = {
      match: { labels: { tier: 'front' } },
      routes: [
        { hostnames: ['a.example.com'], path: { type: 'exact', value: '/x' }, methods: ['GET'] },
        { hostnames: ['*.b.example.com'], headers: [{ name: 'X-Canary', value: '^y', type: 'regex' }] },
      ],
    };
    expect(apply(web, rule).routes).toEqual(rule.routes);
  });

  test('adds to the routes that a service has, each once', () => {
    const rule: RouteRule = { match: '/shop/api', routes: [{ hostnames: ['old.example.com'] }, { path: '/new' }] };
    expect(apply(api, rule).routes).toEqual([
      { hostnames: ['old.example.com'] },
      { path: { type: 'prefix', value: '/new' } },
    ]);
  });

  test('replaces the routes that a service has, when told to', () => {
    const rule: RouteRule = { match: '/shop/api', hostnames: ['new.example.com'], existingRoutes: 'replace' };
    expect(apply(api, rule).routes).toEqual([{ hostnames: ['new.example.com'] }]);
    expect(apply(api, { match: '/shop/api', existingRoutes: 'replace' }).routes).toEqual([]);
  });

  test('sets traffic key by key, and port and protocol', () => {
    const rule: RouteRule = {
      match: '*',
      traffic: { balance: 'leastconn', timeouts: { queueMs: 7 } },
      port: 80,
      appProtocol: 'h2c',
    };
    const { traffic, port, appProtocol } = apply(api, rule);
    expect(traffic).toEqual({ retries: 1, balance: 'leastconn', timeouts: { idleMs: 5, queueMs: 7 } });
    expect([port, appProtocol]).toEqual([80, 'h2c']);
  });

  test('says nothing about the protocol where TLS is passed through', () => {
    const rule: RouteRule = { match: '*', hostnames: ['s.example.com'], tls: { mode: 'passthrough' } };
    expect(apply(web, rule).appProtocol).toBeUndefined();
  });

  test('follows the rules before it', () => {
    const rules: RouteRule[] = [
      { match: '/shop/*', hostnames: ['shop.example.com'], port: 1 },
      { match: '/shop/web', path: '/web', port: 2 },
    ];
    expect(apply(web, ...rules)).toMatchObject({
      port: 2,
      routes: [{ hostnames: ['shop.example.com'] }, { path: { value: '/web' } }],
    });
  });

  test('that changes nothing leaves the object', () => {
    expect(apply(api, { match: '*', traffic: { retries: 1 } })).toBe(api);
  });
});

test('rules that match nothing are told, until they match', () => {
  const transform = route({
    rules: [
      { match: '/shop/web', path: '/' },
      { match: '/shop/wbe', path: '/' },
    ],
  });
  transform.transform([web, batch]);
  expect(transform.warnings?.()).toEqual([{ message: 'rule 2 of route matches no service: "/shop/wbe"' }]);
  transform.transform([web, service('/shop/wbe')]);
  expect(transform.warnings?.()).toEqual([]);
});

test('it explains which rule does what', () => {
  const transform = route({
    rules: [
      { match: '/shop/*', hostnames: ['shop.example.com'], path: '/web', traffic: { retries: 2, balance: 'random' } },
      { match: { labels: { tier: 'front' } }, existingRoutes: 'replace', port: 80, appProtocol: 'h2c', path: '/' },
    ],
  });
  transform.transform([web, batch]);
  expect(transform.explain?.(web.id)).toEqual([
    'rule 1 (/shop/*) adds the route shop.example.com/web, sets balance and retries',
    'rule 2 (label.tier=front) takes away the routes before it, adds the route */, sets the port 80, sets h2c',
  ]);
  expect(transform.explain?.(batch.id)).toEqual([]);
});

describe('a rule is refused with', () => {
  test.each<[what: string, rule: unknown, message: RegExp]>([
    ['no effect', {}, /rules\.0: a rule that changes nothing/],
    [
      'a URL for a host',
      { hostnames: ['http://a.example.com'] },
      /hostnames\.0: expected a host name such as .* not "http:\/\/a/,
    ],
    ['a host with a port', { hostnames: ['a.example.com:80'] }, /without scheme, port or path/],
    ['a star in the middle', { hostnames: ['a.*.example.com'] }, /expected a host name/],
    ['a host that adds a directive', { hostnames: ['a\n  use_backend x'] }, /expected a host name/],
    ['no hosts', { hostnames: [] }, /leave hostnames out/],
    ['a relative path', { path: 'api' }, /rules\.0\.path: expected a path that begins with "\/"/],
    ['a path with a query', { path: '/a?b' }, /has no query/],
    ['a path with a space', { path: { type: 'exact', value: '/a b' } }, /path\.value: expected a path/],
    ['a broken expression', { path: { type: 'regex', value: '(' } }, /path\.value: .*regular expression/],
    ['a kind of path that is none', { path: { type: 'glob', value: '/' } }, /rules\.0\.path/],
    [
      'a header name with a space',
      { headers: [{ name: 'X Y', value: '1' }] },
      /headers\.0\.name: expected a header name/,
    ],
    ['a header value with a line break', { requestHeaders: { set: { 'X-A': 'a\nb' } } }, /without control characters/],
    ['a broken expression of a header', { headers: [{ name: 'X', value: '[', type: 'regex' }] }, /headers\.0\.value/],
    ['a method in small letters', { methods: ['get'] }, /expected a method in capitals/],
    ['an empty redirect', { redirect: { status: 301 } }, /expected scheme, hostname, port or path/],
    ['two rewrites', { rewrite: { path: '/', pathPrefix: '/' } }, /not both/],
    ['both forms', { routes: [{ path: '/' }], path: '/' }, /expected routes or path, not both/],
    ['a user without a hash', { auth: { users: ['admin'] } }, /user:crypt-hash/],
    ['a cookie with a semicolon', { traffic: { sticky: { cookie: 'a;b' } } }, /name of a cookie/],
    ['an unknown key', { hostname: 'a.example.com' }, /hostname/],
  ])('%s', (_, rule, message) => {
    const options = { rules: [{ match: '*', ...(rule as object) }] };
    expect(messageOf(() => route(options))).toMatch(message);
  });
});
