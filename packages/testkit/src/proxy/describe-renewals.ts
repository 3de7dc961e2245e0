import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestTls } from '../tls/client.ts';
import { startTlsLoad } from '../tls/load.ts';
import type { ProxyBench, ProxyStage } from './stage.ts';
import { summaries, sync } from './sync.ts';
import { createTlsBench, type TlsParts } from './tls-bench.ts';

/** Registers vitest tests: certificates that come, are renewed and go, and where their keys are. */
export function describeRenewals(name: string, stage: ProxyStage): void {
  describe(`${name}: certificates`, () => {
    let bench: ProxyBench & TlsParts;
    beforeEach(async () => {
      bench = await createTlsBench((shared) => stage.start(shared));
    });
    afterEach(() => bench.close());

    /** Several times, so that each worker is asked. */
    async function expectSerial(servername: string, serial: string): Promise<void> {
      for (let turn = 0; turn < 4; turn += 1) expect(await bench.serialOf(servername)).toBe(serial);
    }

    const { changesAtRuntime } = stage;
    const lost = changesAtRuntime
      ? 'no handshake and no request'
      : 'no handshake, and no request on a connection of its own,';
    it(`are renewed under load: ${lost} is lost`, async () => {
      await bench.certify('shop.test');
      const sink = bench.createSink();
      const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
      await sync(sink, catalog, bench);
      const generation = await bench.generation();
      const { certificate: ca } = bench.authority;
      // A reload closes the connections that are kept, perhaps just when a request comes.
      const clients = changesAtRuntime ? { keepAlive: 2, fresh: 2 } : { keepAlive: 0, fresh: 3 };
      const load = startTlsLoad(bench.tlsPort, { host: 'shop.test', ca, ...clients });
      const served: string[] = [];
      for (let round = 0; round < (changesAtRuntime ? 10 : 2); round += 1) {
        const { serial } = await bench.certify('shop.test');
        const plan = await sync(sink, catalog, bench);
        expect(summaries(plan)).toContainEqual(
          expect.stringMatching(/^certificate shop\.test renewed, valid until \d{4}-\d\d-\d\d$/),
        );
        const actions = new Set(plan.changes.map(({ action }) => action));
        expect([...actions]).toEqual(changesAtRuntime ? ['runtime'] : ['update', 'reload']);
        await expectSerial('shop.test', serial);
        served.push(serial);
      }
      const { answered, serials, failures } = await load.stop();
      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(changesAtRuntime ? 50 : 20);
      const seen = [...serials].filter((serial) => served.includes(serial));
      expect(seen.length).toBeGreaterThan(changesAtRuntime ? 3 : 0);
      expect((await bench.generation()) === generation).toBe(changesAtRuntime);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    });

    it('come for new hosts and go, and so does the default', async () => {
      const first = await bench.certify('first.test');
      const sink = bench.createSink();
      const catalog = bench.catalog();
      await sync(sink, catalog, bench);
      const generation = await bench.generation();
      const second = await bench.certify('second.test');
      const added = await sync(sink, catalog, bench);
      expect(summaries(added)[0]).toMatch(/^certificate second\.test added, valid until/);
      await expectSerial('second.test', second.serial);
      await expectSerial('unknown.test', first.serial);
      await rm(join(bench.folder, 'first.test.pem'));
      const removed = await sync(sink, catalog, bench);
      expect(summaries(removed)).toContain('certificate first.test removed');
      await expectSerial('first.test', second.serial);
      expect(await bench.serialOf()).toBe(second.serial);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
      expect((await bench.generation()) === generation).toBe(changesAtRuntime);
    });

    it('that were renewed are found by a restart and a new Signalbox, also when their folder is gone', async () => {
      await bench.certify('shop.test');
      const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
      const sink = bench.createSink();
      await sync(sink, catalog, bench);
      const { serial } = await bench.certify('shop.test');
      await sync(sink, catalog, bench);
      await sink[Symbol.asyncDispose]?.();
      await bench.restart();
      await expectSerial('shop.test', serial);
      await rm(bench.folder, { recursive: true });
      const next = bench.createSink();
      const plan = await sync(next, catalog, bench);
      expect(plan.warnings.map(({ message }) => message)).toEqual([
        expect.stringMatching(/cannot be read \(ENOENT\): those in force stay$/),
      ]);
      await expectSerial('shop.test', serial);
      const { certificate: ca } = bench.authority;
      expect(await requestTls(bench.tlsPort, { host: 'shop.test', ca })).toMatchObject({ status: 200, body: 'shop' });
    });

    it('keep their keys in files for the owner alone, and out of everything that is shown', async () => {
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
      for (const text of [...shown, await bench.readConfig()]) {
        expect(text).not.toContain('PRIVATE KEY');
        expect(text).not.toContain(secret.slice(0, 20));
      }
      const run = join(bench.directory, 'signalbox');
      const holders = new Set<string>();
      for (const name of await readdir(run, { recursive: true })) {
        const stats = await stat(join(run, name)).catch(() => undefined);
        if (stats?.isFile() !== true || !(await readFile(join(run, name), 'utf8')).includes('PRIVATE KEY')) continue;
        holders.add(name.replace(/^last-good\/.*$/, 'last-good'));
        expect(stats.mode & 0o077, name).toBe(0);
      }
      expect([...holders].sort()).toEqual(stage.keyFiles);
    });
  });
}
