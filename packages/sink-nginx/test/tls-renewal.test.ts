import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { requestTls, startTlsLoad } from '@signalbox/testkit/tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, modes, summaries, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
afterEach(() => bench.close());

/** A reload starts workers and leaves the master. */
async function workersOf({ pid }: Bench): Promise<string> {
  const master = await pid();
  return readFile(`/proc/${master}/task/${master}/children`, 'utf8');
}

it('twenty renewals under load by Lua: no reload, no handshake and no request lost', async () => {
  bench = await createTlsBench({ mode: 'lua' });
  await bench.certify('shop.test');
  const sink = bench.createSink();
  const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
  await sync(sink, catalog, bench);
  const workers = await workersOf(bench);
  const { certificate: ca } = bench.authority;
  const load = startTlsLoad(bench.tlsPort, { host: 'shop.test', ca, keepAlive: 2, fresh: 2 });
  const served: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const { serial } = await bench.certify('shop.test');
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([
      expect.stringMatching(/^certificate shop\.test renewed, valid until \d{4}-\d\d-\d\d$/),
    ]);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    // Several times, so that each worker is asked.
    for (let turn = 0; turn < 4; turn += 1) expect(await bench.serialOf('shop.test')).toBe(serial);
    served.push(serial);
  }
  const { answered, serials, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
  expect([...serials].filter((serial) => served.includes(serial)).length).toBeGreaterThan(3);
  expect(await workersOf(bench)).toBe(workers);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('renewals under load by reloads: no handshake lost, and no request on a connection of its own', async () => {
  bench = await createTlsBench({ mode: 'reload' });
  await bench.certify('shop.test');
  const sink = bench.createSink();
  const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
  await sync(sink, catalog, bench);
  const { certificate: ca } = bench.authority;
  const load = startTlsLoad(bench.tlsPort, { host: 'shop.test', ca, keepAlive: 0, fresh: 3 });
  for (let round = 0; round < 3; round += 1) {
    const { serial } = await bench.certify('shop.test');
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([
      expect.stringMatching(/^certificate shop\.test renewed, valid until \d{4}-\d\d-\d\d$/),
      'nginx reloads: endpoints, routes or settings changed',
    ]);
    for (let turn = 0; turn < 4; turn += 1) expect(await bench.serialOf('shop.test')).toBe(serial);
  }
  const { answered, serials, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(50);
  expect(serials.size).toBeGreaterThan(1);
});

it('by Lua, certificates for new hosts come, the default changes, and both go, without a reload', async () => {
  bench = await createTlsBench({ mode: 'lua' });
  const sink = bench.createSink();
  const catalog = bench.catalog();
  // The first one, too.
  await sync(sink, catalog, bench);
  const workers = await workersOf(bench);
  await expect(bench.serialOf('first.test')).rejects.toThrow();
  const first = await bench.certify('first.test');
  const added = await sync(sink, catalog, bench);
  expect(summaries(added)).toEqual([
    expect.stringMatching(/^certificate first\.test added, valid until/),
    'by default, first.test is shown',
    'to those who ask for first.test, first.test is shown',
  ]);
  const second = await bench.certify('second.test');
  await sync(sink, catalog, bench);
  expect(await bench.serialOf('second.test')).toBe(second.serial);
  expect(await bench.serialOf('unknown.test')).toBe(first.serial);
  await rm(join(bench.folder, 'first.test.pem'));
  const removed = await sync(sink, catalog, bench);
  expect(summaries(removed)).toEqual([
    'by default, second.test is shown',
    'certificate first.test removed',
    'certificates for first.test removed',
  ]);
  expect(await bench.serialOf('first.test')).toBe(second.serial);
  expect([...(await bench.entries()).keys()].filter((key) => key.includes('first'))).toEqual([]);
  expect(await workersOf(bench)).toBe(workers);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

describe.each(modes)('mode %s', (mode) => {
  it('a restart by others and a new Signalbox find the renewed certificates', async () => {
    bench = await createTlsBench({ mode });
    await bench.certify('shop.test');
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
    const sink = bench.createSink();
    await sync(sink, catalog, bench);
    const { serial } = await bench.certify('shop.test');
    await sync(sink, catalog, bench);
    await sink[Symbol.asyncDispose]?.();
    await bench.restart();
    expect(await bench.serialOf('shop.test')).toBe(serial);
    // Also when the folder is gone by then.
    await rm(bench.folder, { recursive: true });
    const next = bench.createSink();
    const plan = await sync(next, catalog, bench);
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/cannot be read \(ENOENT\): those in force stay$/),
    ]);
    expect(await bench.serialOf('shop.test')).toBe(serial);
    const { certificate: ca } = bench.authority;
    expect(await requestTls(bench.tlsPort, { host: 'shop.test', ca })).toMatchObject({ status: 200, body: 'shop' });
  });

  it('keys stand in files for their owner alone, and in nothing that is shown', async () => {
    bench = await createTlsBench({ mode });
    const { key } = await bench.certify('shop.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    const plan = await sink.plan(catalog, bench.context);
    const shown = [JSON.stringify(plan), ...((await sink.render?.(catalog, bench.context)) ?? new Map()).values()];
    await plan.apply();
    await sync(sink, catalog, bench);
    await sink[Symbol.asyncDispose]?.();
    const secret = key.split('\n')[2] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    for (const text of [...shown, await bench.readConfig()]) expect(text).not.toContain(secret.slice(0, 20));
    const run = join(bench.directory, 'signalbox');
    const holders = new Set<string>();
    for (const name of await readdir(run, { recursive: true })) {
      const stats = await stat(join(run, name)).catch(() => undefined);
      if (stats?.isFile() !== true || !(await readFile(join(run, name), 'utf8')).includes('PRIVATE KEY')) continue;
      holders.add(name.replace(/^last-good\/.*$/, 'last-good'));
      expect(stats.mode & 0o077, name).toBe(0);
    }
    expect([...holders].sort()).toEqual(mode === 'lua' ? ['snapshot.json'] : ['certificates.conf', 'snapshot.json']);
  });
});
