import { describe, expect, it } from 'vitest';
import type { Route } from '../model/route.ts';
import type { Service } from '../model/service.ts';
import { matchRoutes, type RouteRequest } from './match-routes.ts';

function service(name: string, ...routes: Route[]): Service {
  return { id: `test:${name}#0`, name, protocol: 'tcp', labels: {}, endpoints: [], routes };
}

function request(url: string, values: Partial<RouteRequest> = {}): RouteRequest {
  const [hostname = '', ...path] = url.split('/');
  return { hostname, path: `/${path.join('/')}`, method: 'GET', headers: {}, queryParams: {}, ...values };
}

/** Names of the services whose routes cover the request, the most specific first; behind `!` what is not met. */
function order(services: readonly Service[], asked: RouteRequest): string[] {
  return matchRoutes(services, asked).map(({ service: { name }, unmet }) =>
    unmet.length === 0 ? name : `${name} !${unmet.join(', ')}`,
  );
}

const prefix = (value: string) => ({ type: 'prefix', value }) as const;

describe('the precedence of routes', () => {
  it('puts the exact host before the longer wildcard before any host', () => {
    const services = [
      service('any', {}),
      service('star', { hostnames: ['*'] }),
      service('wide', { hostnames: ['*.example.com'] }),
      service('narrow', { hostnames: ['*.shop.example.com'] }),
      service('exact', { hostnames: ['other.example.com', 'EU.shop.example.com'] }),
    ];
    expect(order(services, request('eu.shop.example.com'))).toEqual(['exact', 'narrow', 'wide', 'any', 'star']);
    expect(order(services, request('shop.example.com'))).toEqual(['wide', 'any', 'star']);
    expect(order(services, request('example.com'))).toEqual(['any', 'star']);
  });

  it('puts the exact path before the longest prefix before a regular expression before any path', () => {
    const services = [
      service('any', {}),
      service('regex', { path: { type: 'regex', value: '(?i)^/API/' } }),
      service('short', { path: prefix('/api') }),
      service('long', { path: prefix('/api/v1/') }),
      service('exact', { path: { type: 'exact', value: '/api/v1' } }),
    ];
    expect(order(services, request('x/api/v1'))).toEqual(['exact', 'long', 'short', 'regex', 'any']);
    expect(order(services, request('x/api/v1/carts'))).toEqual(['long', 'short', 'regex', 'any']);
    expect(order(services, request('x/apix'))).toEqual(['any']);
  });

  it('puts the host before the path', () => {
    const services = [
      service('host', { hostnames: ['a.example'] }),
      service('path', { hostnames: ['*.example'], path: { type: 'exact', value: '/x' } }),
    ];
    expect(order(services, request('a.example/x'))).toEqual(['host', 'path']);
  });

  it('then puts a method, more headers, more query parameters, a higher priority, the lower id, the earlier route', () => {
    const header = { name: 'X-Canary', value: 'yes' };
    const services = [
      service('z', {}, { path: prefix('/') }),
      service('b', {}),
      service('priority', { priority: 7 }),
      service('query', { queryParams: [{ name: 'v', value: '^2', type: 'regex' }] }),
      service('headers', { headers: [header] }),
      service('method', { methods: ['post'] }),
    ];
    const canary = request('x', { method: 'POST', headers: { 'x-canary': 'yes' }, queryParams: { v: ['1', '2'] } });
    expect(order(services, canary)).toEqual(['method', 'headers', 'query', 'priority', 'b', 'z', 'z']);
    expect(matchRoutes(services, canary).map(({ index }) => index)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(order(services, request('x')).slice(0, 3)).toEqual([
      'method !method is post',
      'headers !header X-Canary is "yes"',
      'query !query parameter v matches "^2"',
    ]);
  });

  it('takes what is inherited or no regular expression for absent', () => {
    const odd = { name: 'constructor', value: '.*', type: 'regex' } as const;
    expect(order([service('odd', { headers: [odd] })], request('x'))).toEqual(['odd !header constructor matches ".*"']);
    expect(order([service('broken', { path: { type: 'regex', value: '(' } })], request('x'))).toEqual([]);
  });
});
