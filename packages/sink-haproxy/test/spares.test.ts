import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { addsBackends, newPlaceOf } from './support/added-backends.ts';
import { freePort } from './support/origins.ts';
import { makeService, summaries, sync } from './support/services.ts';
import { createSpareBench, type SpareBench } from './support/spare-bench.ts';

let bench: SpareBench;
beforeEach(async () => {
  bench = await createSpareBench();
});
afterEach(() => bench.close());

describe('a new service', () => {
  it('goes live without a check, a reload or anything left to do', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const pid = await bench.pid();
    const catalog = bench.catalog(bench.app('first'), bench.app('second'));
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([
      ...(addsBackends ? ['backend added, with the settings of d_http'] : []),
      expect.stringMatching(/^server 127\.0\.0\.1:\d+ added$/),
      ...(addsBackends ? [] : ['service goes live in spare backend s_http_1']),
      `route second.test/ led to backend ${newPlaceOf('second', 1)}`,
    ]);
    expect(new Set(plan.changes.flatMap(({ services }) => services))).toEqual(new Set(['mesos:/second#0']));
    expect((await bench.get('second')).body).toBe('origin');
    expect(await bench.pid()).toBe(pid);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('has its own name in the files, which are what they would be after a reload', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const catalog = bench.catalog(bench.app('first'), bench.app('second'));
    await sync(sink, catalog, bench);
    await expect.poll(() => bench.readConfig()).toContain(`backend ${backendName('mesos:/second#0')} `);
    const expected = (await sink.render?.(catalog, bench.context)) ?? new Map();
    expect(expected.size).toBeGreaterThan(5);
    for (const [path, text] of expected) expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('moves to its own backend with the next reload, and nobody notices', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    await sync(sink, bench.catalog(bench.app('first'), bench.app('second')), bench);
    const load = bench.load('second');
    const other = makeService('mesos:/other#0', { port: await freePort() });
    const catalog = bench.catalog(bench.app('first'), bench.app('second'), other);
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan).at(-1)).toBe(`HAProxy reloads: port ${other.port} is new; ${backendName(other.id)} is new`);
    await sleep(200);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    expect(await bench.backendOf('second')).toBe(backendName('mesos:/second#0'));
    expect(await bench.map('spare')).toEqual([]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('is counted under its name', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const second = bench.app('second');
    const catalog = bench.catalog(bench.app('first'), second);
    await sync(sink, catalog, bench);
    await bench.get('second');
    const read = async () => (await sink.statistics?.(catalog, bench.context))?.services.get(second.id);
    await expect.poll(async () => (await read())?.totalRequests).toBe(1);
    expect((await read())?.endpoints.size).toBe(1);
  });

  it('that nobody can reach takes no spare, and asks for no reload', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const catalog = bench.catalog(bench.app('first'), bench.app('hidden', { routes: [] }));
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action }) => action)).not.toContain('reload');
    expect(await bench.map('spare')).toEqual([]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('with conditions on its routes needs a reload, and the plan says why', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const ruled = bench.app('ruled', { routes: [{ hostnames: ['ruled.test'], methods: ['GET'] }] });
    const plan = await sync(sink, bench.catalog(bench.app('first'), ruled), bench);
    const name = backendName(ruled.id);
    expect(summaries(plan).at(-1)).toContain(`the conditions or filters of the routes of ${name} changed`);
    expect((await bench.get('ruled')).body).toBe('origin');
  });
});

describe('more new services than there are spares', () => {
  const title = addsBackends ? 'need no reload either' : 'need one after the sixteenth, which brings new spares';
  it(`${title}, and no request is lost`, async () => {
    const sink = bench.createSink();
    const apps = [bench.app('app-0')];
    const grow = async (): Promise<readonly string[]> => {
      apps.push(bench.app(`app-${apps.length}`));
      return summaries(await sync(sink, bench.catalog(...apps), bench));
    };
    await sync(sink, bench.catalog(...apps), bench);
    const load = bench.load('app-0');
    const pid = await bench.pid();
    while (apps.length <= 16) await grow();
    expect(await bench.pid()).toBe(pid);
    const last = (await grow()).at(-1);
    const name = backendName('mesos:/app-17#0');
    if (addsBackends) expect(last).toBe(`route app-17.test/ led to backend ${name}`);
    else expect(last).toBe(`HAProxy reloads: no spare is left of profile http for ${name}`);
    const after = await bench.pid();
    expect(after === pid).toBe(addsBackends);
    await grow();
    expect(await bench.pid()).toBe(after);
    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    for (const { name: host } of apps) expect((await bench.get(host)).body).toBe('origin');
  });
});

describe('two profiles', () => {
  it('are told apart, and a service moves from one to the other', async () => {
    const sink = bench.createSink();
    const slow = { traffic: { timeouts: { responseMs: 300_000 } } };
    await sync(sink, bench.catalog(bench.app('first'), bench.app('slow', slow)), bench);
    const pid = await bench.pid();
    await sync(sink, bench.catalog(bench.app('first'), bench.app('slow', slow), bench.app('new', slow)), bench);
    const place = await bench.backendOf('new');
    if (addsBackends) expect(place).toBe(backendName('mesos:/new#0'));
    else expect(place).toMatch(/^s_http-[0-9a-f]{8}_1$/);
    const load = bench.load('new');
    // Also one with a backend of its own changes its settings in this way.
    const catalog = bench.catalog(bench.app('first'), bench.app('slow'), bench.app('new'));
    await sync(sink, catalog, bench);
    expect(await bench.backendOf('new')).toMatch(/^s_http_\d$/);
    expect(await bench.backendOf('slow')).toMatch(/^s_http_\d$/);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    for (const name of ['first', 'slow', 'new']) expect((await bench.get(name)).body).toBe('origin');
    expect(await bench.pid()).toBe(pid);
  });

  it('unknown to the process need a reload', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const plan = await sync(sink, bench.catalog(bench.app('first', { traffic: { balance: 'leastconn' } })), bench);
    expect(summaries(plan).at(-1)).toBe(`HAProxy reloads: the settings of ${backendName('mesos:/first#0')} changed`);
  });
});
