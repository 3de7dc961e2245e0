import { endpoint, service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { describe, expect, test } from 'vitest';
import type { MergeOptions, MergePool } from './merge/merge-options.ts';
import { merge } from './merge.ts';
import { messageOf } from './testing/message-of.ts';
import { run } from './testing/run.ts';

const old = service('/shop/cart', {
  id: 'mesos:/shop/cart#http',
  port: 10_001,
  endpoints: [endpoint({ id: 'm1', port: 1 }), endpoint({ id: 'm2', port: 2 })],
  routes: [{ hostnames: ['cart.example.com'] }],
  labels: { pool: 'cart' },
});
const fresh = service('cart', {
  id: 'kube:cart#http',
  endpoints: [endpoint({ id: 'k1', port: 3 })],
  labels: { pool: 'cart' },
  healthCheck: { kind: 'tcp' },
});
const other = service('/shop/web', { endpoints: [endpoint({ port: 9 })] });

const split = (percent: number): MergePool => ({
  origins: [{ match: '/shop/cart', percent }, { match: { source: 'kube' } }],
});

describeTransformContract('merge', {
  plugin: merge,
  packageType: 'merge',
  load: () => import('./merge.ts'),
  options: { pools: [split(90)] },
  services: [old, fresh, other],
});

const weightsOf = (pool: MergePool, services = [old, fresh]) =>
  run(merge({ pools: [pool] }), services)[0]?.endpoints.map(({ weight }) => weight);

describe('a pool', () => {
  test('has the id, routes and port of its primary, and what that does not say from the next', () => {
    const [pool, web, ...rest] = run(merge({ pools: [split(90)] }), [fresh, old, other].reverse()).sort((left) =>
      left.id === old.id ? -1 : 1,
    );
    expect(rest).toEqual([]);
    expect(web).toBe(other);
    expect(pool).toEqual({
      ...old,
      healthCheck: { kind: 'tcp' },
      endpoints: [
        { ...old.endpoints[0], weight: 252, metadata: { origin: 'mesos:/shop/cart#http' } },
        { ...old.endpoints[1], weight: 252, metadata: { origin: 'mesos:/shop/cart#http' } },
        { ...fresh.endpoints[0], weight: 56, metadata: { origin: 'kube:cart#http' } },
      ],
    });
  });

  test('moves by one number', () => {
    expect(weightsOf(split(50))).toEqual([127, 127, 254]);
    expect(weightsOf(split(0))).toEqual([0, 0, 255]);
    expect(weightsOf(split(100))).toEqual([255, 255, 0]);
  });

  test('of one service leaves it as it is, and calls it what it should be called', () => {
    expect(run(merge({ pools: [split(90)] }), [old])).toEqual([old]);
    expect(run(merge({ pools: [split(90)] }), [old])[0]).toBe(old);
    expect(run(merge({ pools: [{ ...split(90), name: 'cart' }] }), [old])).toEqual([{ ...old, name: 'cart' }]);
    expect(run(merge({ pools: [split(90)] }), [fresh])[0]).toBe(fresh);
  });

  test('spreads by endpoint without percentages, and leaves their weights alone', () => {
    const origins = [{ match: '/shop/cart' }, { match: 'cart' }];
    expect(weightsOf({ origins })).toEqual([undefined, undefined, undefined]);
    expect(weightsOf({ origins: [{ match: '/shop/cart' }, { match: 'cart', weight: 3 }] })).toEqual([85, 85, 255]);
  });

  test('gives the share of an origin without endpoints to the others, and says so', () => {
    const transform = merge({ pools: [split(100)] });
    const [pool] = run(transform, [{ ...old, endpoints: [] }, fresh]);
    expect(pool?.endpoints.map(({ weight }) => weight)).toEqual([255]);
    expect(transform.warnings?.()).toEqual([
      {
        message: 'pool 1 of merge: origin 1 has no endpoint that takes traffic; its 100 % go to the others',
        service: old.id,
      },
    ]);
  });

  test('counts draining endpoints not, unhealthy ones yes', () => {
    const endpoints = [
      endpoint({ id: 'a', port: 1, draining: true }),
      endpoint({ id: 'b', port: 2, health: 'unhealthy' }),
      endpoint({ id: 'c', port: 4 }),
    ];
    expect(weightsOf(split(50), [{ ...old, endpoints }, fresh])).toEqual([undefined, 127, 127, 254]);
  });

  test('keeps endpoints apart that have one id, and joins those with one address', () => {
    const same = { ...fresh, endpoints: [endpoint({ id: 'm1', port: 3 }), endpoint({ id: 'x', port: 2 })] };
    const transform = merge({ pools: [split(90)] });
    const [pool] = run(transform, [old, same]);
    expect(pool?.endpoints.map(({ id }) => id)).toEqual(['m1', 'm2', 'kube:cart#http/m1']);
    expect(transform.warnings?.()).toEqual([
      {
        message: 'pool 1 of merge: "kube:cart#http" has an endpoint that the pool has already: "127.0.0.1:2"',
        service: old.id,
      },
    ]);
    expect(run(merge({ pools: [split(0)] }), [old, same])[0]?.endpoints.map(({ id }) => id)).toEqual([
      'm1',
      'kube:cart#http/m1',
      'x',
    ]);
  });

  test('leaves out what speaks otherwise', () => {
    const udp = service('dns', { id: 'kube:dns#0', protocol: 'udp' });
    const tls = { ...fresh, appProtocol: 'https' as const };
    const transform = merge({ pools: [{ origins: [{ match: '/shop/cart' }, { match: '*' }] }] });
    const services = run(transform, [tls, { ...old, appProtocol: 'http' }, udp]);
    expect(services.map(({ id }) => id)).toEqual([tls.id, old.id, udp.id]);
    expect(services[0]).toBe(tls);
    expect(transform.warnings?.().map(({ message }) => message)).toEqual([
      'pool 1 of merge: "kube:cart#http" is left out: it speaks https, the pool http',
      'pool 1 of merge: "kube:dns#0" is left out: it speaks udp, the pool tcp',
    ]);
    expect(transform.explain?.(udp.id)).toEqual(['pool 1 leaves it out: it speaks udp, the pool tcp']);
  });

  test('takes one port of an app', () => {
    const admin = { ...old, id: 'mesos:/shop/cart#admin' };
    const transform = merge({ pools: [split(90)] });
    expect(run(transform, [old, admin])).toEqual([old, admin]);
    expect(transform.warnings?.()[1]?.message).toMatch(
      /#http" is left out: it is another port of "mesos:\/shop\/cart#admin"; choose one with portName/,
    );
  });

  test('says what is asked for and lost', () => {
    const transform = merge({ pools: [split(90)] });
    run(transform, [old, { ...fresh, port: 7, routes: [{ hostnames: ['new.example.com'] }] }]);
    expect(transform.warnings?.().map(({ message }) => message)).toEqual([
      'pool 1 of merge: "kube:cart#http" is joined, and its port 7 is served no more',
      'pool 1 of merge: "kube:cart#http" is joined, and the routes of "mesos:/shop/cart#http" count instead of its own',
    ]);
  });
});

describe('pools are made by', () => {
  const left = service('/a', { id: 'x:/a#http', port: 1, routes: [{ hostnames: ['b', 'a'], priority: 1 }] });
  const admin = service('/a', { id: 'x:/a#admin', port: 2 });
  const right = service('/a', { id: 'y:/a#http', port: 2, routes: [{ hostnames: ['a', 'b'] }] });
  const ids = (by: MergePool['by'], ...services: (typeof left)[]) =>
    run(merge({ pools: [{ by: by as 'name' }] }), services).map(({ id }) => id);

  test.each<[by: NonNullable<MergePool['by']>, ids: string[]]>([
    ['name', [left.id, admin.id]],
    ['port', [left.id, admin.id]],
    ['route', [left.id, admin.id]],
    [{ label: 'pool' }, [left.id, admin.id, right.id]],
  ])('%j', (by, expected) => {
    expect(ids(by, left, admin, right)).toEqual(expected);
  });

  test('the value of a label', () => {
    expect(ids({ label: 'pool' }, old, fresh, other)).toEqual([fresh.id, other.id]);
  });
});

describe('priorities', () => {
  const third = service('third', { id: 'z:third#0', endpoints: [endpoint({ id: 'z', port: 7 })] });
  const pool: MergePool = {
    origins: [{ match: '/shop/cart', priority: 2 }, { match: 'cart', priority: 1 }, { match: 'third' }],
  };
  const ill = (one: typeof old) => ({
    ...one,
    endpoints: one.endpoints.map((each) => ({ ...each, health: 'unhealthy' as const })),
  });
  const roles = (services: (typeof old)[]) =>
    run(merge({ pools: [pool] }), services)[0]?.endpoints.map(({ id, backup }) => (backup ? `(${id})` : id));

  test.each<[what: string, services: (typeof old)[], roles: string[]]>([
    ['the highest serves, the next is its backup', [old, fresh, third], ['m1', 'm2', '(k1)']],
    ['the next serves while the highest is ill', [ill(old), fresh, third], ['m1', 'm2', 'k1', '(z)']],
    ['the last serves alone', [ill(old), ill(fresh), third], ['m1', 'm2', 'k1', 'z']],
    ['nobody is healthy: all may try, in order', [ill(old), ill(fresh), ill(third)], ['m1', 'm2', '(k1)', '(z)']],
    ['one that is not there is skipped', [fresh, third], ['k1', '(z)']],
  ])('%s', (_, services, expected) => {
    expect(roles(services)).toEqual(expected);
  });
});

test('it explains where a pool comes from', () => {
  const transform = merge({ pools: [{ ...split(90), name: 'cart' }] });
  run(transform, [old, fresh, other]);
  expect(transform.explain?.(old.id)).toEqual([
    'pool 1 is made of "mesos:/shop/cart#http" (90 %, 2 endpoints) and "kube:cart#http" (10 %, 1 endpoint); id, routes, port and policies are those of the first',
    'pool 1 calls it "cart"',
  ]);
  expect(transform.explain?.(fresh.id)).toEqual(['pool 1 joins it to "mesos:/shop/cart#http"']);
  expect(transform.explain?.(other.id)).toEqual([]);
});

test('origins that bring nothing are told', () => {
  const transform = merge({ pools: [split(90)] });
  run(transform, [old]);
  expect(transform.warnings?.()).toEqual([
    { message: 'origin 2 of pool 1 of merge brings no service into it: source=kube' },
  ]);
});

test('only the pool that changed is made anew', () => {
  const transform = merge({ pools: [{ by: 'name' }] });
  const pair = (name: string) => ['x', 'y'].map((source) => service(name, { source }));
  const [a, b, changed] = [pair('/a'), pair('/b'), [service('/b', { source: 'x', endpoints: 2 })]];
  const before = run(transform, [...a, ...b]);
  const after = run(transform, [...a, ...changed, b[1] as typeof old]);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
});

test.each<[what: string, options: unknown, message: RegExp]>([
  ['no pools', { pools: [] }, /pools: /],
  ['an empty pool', { pools: [{}] }, /pools\.0: expected by, origins or both/],
  [
    'too much',
    {
      pools: [
        {
          origins: [
            { match: 'a', percent: 90 },
            { match: 'b', percent: 20 },
          ],
        },
      ],
    },
    /pools\.0\.origins: the percentages of priority 0 add up to 110, not 100; leave one out/,
  ],
  ['too little', { pools: [{ origins: [{ match: 'a', percent: 90 }] }] }, /add up to 90, not 100/],
  ['both', { pools: [{ origins: [{ match: 'a', percent: 90, weight: 1 }] }] }, /percent or weight, not both/],
  ['an unknown key', { pools: [{ by: 'nmae' }] }, /expected name, port, route, or \{ label: <name> \}/],
])('refuses %s', (_, options, message) => {
  expect(messageOf(() => merge(options as MergeOptions))).toMatch(message);
});
