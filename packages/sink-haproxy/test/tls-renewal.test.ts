import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shakeHands, startTlsLoad } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summaries, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  bench = await createTlsBench();
});
afterEach(() => bench.close());

const serialOf = async (servername: string): Promise<string> =>
  (await shakeHands(bench.tlsPort, { servername })).serial;

it('twenty renewals under load: no reload, no handshake and no request lost', async () => {
  await bench.certify('shop.test');
  const sink = bench.createSink();
  const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
  await sync(sink, catalog, bench);
  const pid = await bench.pid();
  const load = startTlsLoad(bench.tlsPort, {
    host: 'shop.test',
    ca: bench.authority.certificate,
    keepAlive: 2,
    fresh: 2,
  });
  const served: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const { serial } = await bench.certify('shop.test');
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([
      expect.stringMatching(/^default certificate, shop\.test, renewed, valid until \d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^certificate shop\.test renewed, valid until \d{4}-\d\d-\d\d$/),
    ]);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime', 'runtime']);
    expect(await serialOf('shop.test')).toBe(serial);
    served.push(serial);
  }
  const { answered, serials, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
  expect([...serials].filter((serial) => served.includes(serial)).length).toBeGreaterThan(3);
  expect(await bench.pid()).toBe(pid);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

describe('without a reload', () => {
  it('a certificate for a new host comes, and goes', async () => {
    await bench.certify('first.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const pid = await bench.pid();
    const { serial } = await bench.certify('second.test');
    const added = await sync(sink, catalog, bench);
    expect(summaries(added)).toEqual([expect.stringMatching(/^certificate second\.test added, valid until/)]);
    expect(await serialOf('second.test')).toBe(serial);
    await rm(join(bench.folder, 'second.test.pem'));
    const removed = await sync(sink, catalog, bench);
    expect(summaries(removed)).toEqual(['certificate second.test removed']);
    expect(await shakeHands(bench.tlsPort, { servername: 'second.test' })).toMatchObject({ commonName: 'first.test' });
    expect(await bench.ask('show ssl cert')).not.toContain('second.test');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('the default changes, also when its certificate goes', async () => {
    await bench.certify('first.test');
    await bench.certify('second.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const pid = await bench.pid();
    expect(await shakeHands(bench.tlsPort)).toMatchObject({ commonName: 'first.test' });
    await rm(join(bench.folder, 'first.test.pem'));
    await sync(sink, catalog, bench);
    expect(await shakeHands(bench.tlsPort)).toMatchObject({ commonName: 'second.test' });
    expect(await bench.pid()).toBe(pid);
  });

  it('an edit by other hands is seen and repaired', async () => {
    await bench.certify('first.test');
    const { serial } = await bench.certify('second.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const path = join(bench.directory, 'signalbox', 'certificates', 'second.test.pem');
    await bench.ask(`del ssl crt-list ${join(bench.directory, 'signalbox', 'certificates.list')} ${path}`);
    await bench.ask(`del ssl cert ${path}`);
    expect(await serialOf('second.test')).not.toBe(serial);
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect(await serialOf('second.test')).toBe(serial);
  });
});

it('a restart by others and a new Signalbox find the renewed certificates', async () => {
  await bench.certify('shop.test');
  const catalog = bench.catalog();
  const sink = bench.createSink();
  await sync(sink, catalog, bench);
  const { serial } = await bench.certify('shop.test');
  await sync(sink, catalog, bench);
  await sink[Symbol.asyncDispose]?.();
  await bench.reload();
  expect(await serialOf('shop.test')).toBe(serial);
  const next = bench.createSink();
  expect((await next.plan(catalog, bench.context)).changes).toEqual([]);
});

it('one that is too long for the command line needs a reload', async () => {
  await bench.certify('shop.test');
  const sink = bench.createSink();
  const catalog = bench.catalog();
  await sync(sink, catalog, bench);
  const { serial } = await bench.certify('shop.test', ['shop.test'], { paddingBytes: 12_000 });
  const plan = await sync(sink, catalog, bench);
  expect(summaries(plan)).toEqual([
    'HAProxy reloads: the certificate shop.test is longer than HAProxy takes at runtime',
  ]);
  expect(await serialOf('shop.test')).toBe(serial);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('keys stand in the copies alone, which are for their owner', async () => {
  const { key } = await bench.certify('shop.test');
  const sink = bench.createSink();
  const catalog = bench.catalog();
  const plan = await sink.plan(catalog, bench.context);
  const shown = [JSON.stringify(plan), ...((await sink.render?.(catalog, bench.context)) ?? new Map()).values()];
  await plan.apply();
  await sync(sink, catalog, bench);
  const secret = key.split('\n')[2] ?? '';
  expect(secret.length).toBeGreaterThan(20);
  const run = join(bench.directory, 'signalbox');
  const holders: string[] = [];
  for (const name of await readdir(run, { recursive: true })) {
    const path = join(run, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile() !== true) continue;
    const text = await readFile(path, 'utf8');
    if (!text.includes('PRIVATE KEY')) continue;
    holders.push(name);
    expect(stats.mode & 0o777).toBe(0o600);
  }
  expect(holders.sort()).toEqual(['certificates/shop.test.pem', 'default-certificate.pem']);
  for (const text of [...shown, await bench.readConfig()]) {
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(secret);
  }
});
