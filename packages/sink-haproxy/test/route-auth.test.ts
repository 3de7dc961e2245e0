import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, type RequestOptions } from './support/origins.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';
import { sync } from './support/services.ts';

let bench: RoutingBench;
beforeEach(async () => {
  bench = await createRoutingBench('shop.test');
});
afterEach(() => bench.close());

/** Of the password `secret`, by `openssl passwd`. */
const sha512 = '$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1';
const md5 = '$1$abc$iCQ2D3nhptRYi27fDYv2s1';
const hostnames = ['shop.test'];
const admin = { type: 'prefix', value: '/admin' } as const;

it('a route with users asks for one of them, and no other route does', async () => {
  await bench.route({
    closed: { hostnames, path: admin, auth: { users: [`ann:${sha512}`], realm: "Ann's & co." } },
    other: { hostnames: ['other.test'], auth: { users: [`bob:${md5}`] } },
    written: { hostnames, path: admin, methods: ['PUT'], auth: { users: [`bob:${md5}`] } },
    moved: {
      hostnames,
      path: { type: 'exact', value: '/old' },
      auth: { users: [`bob:${md5}`] },
      redirect: { path: '/new' },
    },
    open: { hostnames },
  });
  const as = (name: string, password = 'secret') => ({
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  });
  const cases: [RequestOptions, number][] = [
    [{ path: '/' }, 200],
    [{ path: '/admin' }, 401],
    [{ path: '/admin/x', headers: as('ann') }, 200],
    [{ path: '/admin', headers: as('ann', 'wrong') }, 401],
    [{ path: '/admin', headers: as('bob') }, 401],
    [{ path: '/admin', method: 'PUT', headers: as('ann') }, 401],
    [{ path: '/admin', method: 'PUT', headers: as('bob') }, 200],
    [{ host: 'other.test', headers: as('bob') }, 200],
    [{ host: 'other.test', headers: as('ann') }, 401],
    [{ path: '/old' }, 401],
    [{ path: '/old', headers: as('bob') }, 302],
  ];
  const answers = [];
  for (const [options] of cases) answers.push([options, (await bench.request(options)).status]);
  expect(answers).toEqual(cases);
  const { headers } = await bench.request({ path: '/admin' });
  expect(headers['www-authenticate']).toBe(`Basic realm="Ann's & co."`);
});

it('a route that becomes closed is never led past its users, not even while the reload is put off', async () => {
  const open = await bench.serve('shop', { hostnames });
  const sink = bench.createSink({ reload: { minIntervalMs: 3_000, jitterMs: 0 } });
  await sync(sink, bench.catalog(open), bench);
  const second = { ...(await bench.serve('second')), port: await freePort() };
  await sync(sink, bench.catalog(open, second), bench);
  const closed = { hostnames: ['closed.test'], auth: { users: [`ann:${sha512}`] } };
  const catalog = bench.catalog({ ...open, routes: [{ hostnames }, closed] });
  const plan = await sink.plan(catalog, bench.context);
  await plan.apply();
  expect(plan.deferred).toBeDefined();
  expect((await bench.request({ host: 'closed.test' })).status).toBe(404);
  await sync(sink, catalog, bench);
  expect((await bench.request({ host: 'closed.test' })).status).toBe(401);
});

it('neither plan nor warning shows a hash or what stands in its place', async () => {
  const sink = bench.createSink();
  const good = await bench.serve('good', { hostnames, auth: { users: [`ann:${sha512}`] } });
  const bad = await bench.serve('bad', { hostnames: ['bad.test'], auth: { users: ['ann:hunter2'] } });
  // HAProxy refuses this one, so that its words become a warning too.
  const refused = await bench.serve('refused', {
    hostnames: ['refused.test'],
    path: { type: 'regex', value: '(?<=/a*)b' },
    auth: { users: [`bob:${md5}`] },
  });
  const { changes, warnings } = await sync(sink, bench.catalog(good, bad, refused), bench);
  expect(warnings.map(({ service }) => service).sort()).toEqual([bad.id, refused.id]);
  const shown = JSON.stringify([changes, warnings]);
  for (const secret of [sha512, md5, 'hunter2', 'ann', 'bob']) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/\$[156]\$/);
  expect((await bench.request()).status).toBe(401);
});

it('a route whose users cannot be granted is closed, and not left to a wider route', async () => {
  const shop = await bench.serve('shop', { hostnames }, { hostnames, path: admin, auth: { users: ['ann:hunter2'] } });
  const { warnings } = await sync(bench.createSink(), bench.catalog(shop), bench);
  expect(warnings).toEqual([
    { service: shop.id, message: expect.stringContaining('a route is closed to everybody: the password of user 1') },
  ]);
  expect((await bench.request({ path: '/admin/x' })).status).toBe(403);
  expect((await bench.request()).status).toBe(200);
});
