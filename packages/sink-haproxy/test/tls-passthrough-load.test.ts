import { setTimeout as sleep } from 'node:timers/promises';
import { shakeHands, startTlsLoad, startTlsOrigin, type TlsLoad } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { newPlaceOf } from './support/added-backends.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  // Servers left behind have nothing due while a test lasts.
  bench = await createTlsBench({ drainTimeoutMs: 60_000 });
  await bench.certify('ends.test');
});
afterEach(() => bench.close());

/** An application that ends TLS itself, at `<name>.test`. */
async function servePassthrough(name: string) {
  const origin = await startTlsOrigin(bench.authority, `${name}.test`, name);
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  const routes = [{ hostnames: [`${name}.test`], tls: { mode: 'passthrough' } } as const];
  return makeService(`mesos:/${name}#0`, { appProtocol: 'https', endpoints: [makeEndpoint(origin.port)], routes });
}

const nameAt = async (servername: string): Promise<string> =>
  (await shakeHands(bench.tlsPort, { servername })).commonName;

const load = (host: string): TlsLoad =>
  startTlsLoad(bench.tlsPort, { host, ca: bench.authority.certificate, keepAlive: 2, fresh: 1 });

async function expectNoLoss(...loads: TlsLoad[]): Promise<void> {
  for (const each of loads) {
    const { answered, failures } = await each.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(10);
  }
}

describe('a new service whose TLS is passed through', () => {
  it('goes live without a reload beside another one, comes and goes, and nobody notices', async () => {
    const sink = bench.createSink();
    const ends = await bench.serve('ends', { hostnames: ['ends.test'] });
    const [first, second] = [await servePassthrough('first'), await servePassthrough('second')];
    await sync(sink, bench.catalog(ends, first), bench);
    const pid = await bench.pid();
    const loads = [load('ends.test'), load('first.test')];
    const both = bench.catalog(ends, first, second);
    const plan = await sync(sink, both, bench);
    expect(summaries(plan)).toContain(`route second.test led to backend ${newPlaceOf('second', 1, 'tcp')}`);
    expect(await nameAt('second.test')).toBe('second.test');
    expect((await sink.plan(both, bench.context)).changes).toEqual([]);
    expect((await bench.createSink().plan(both, bench.context)).changes).toEqual([]);
    await sync(sink, bench.catalog(ends, first), bench);
    expect(await nameAt('second.test')).toBe('ends.test');
    await sync(sink, both, bench);
    expect(await nameAt('second.test')).toBe('second.test');
    expect(await bench.pid()).toBe(pid);
    await expectNoLoss(...loads);
  });

  it('keeps its connections over reloads, as those do whose TLS ends here', async () => {
    const sink = bench.createSink();
    const ends = await bench.serve('ends', { hostnames: ['ends.test'] });
    const [first, second] = [await servePassthrough('first'), await servePassthrough('second')];
    await sync(sink, bench.catalog(ends, first), bench);
    await sync(sink, bench.catalog(ends, first, second), bench);
    const catalog = bench.catalog(ends, first, second);
    await expect.poll(() => bench.readConfig()).toContain(backendName(second.id));
    const loads = [load('ends.test'), load('second.test')];
    // By others, for whom nothing has to differ. A worker with connections that do not end lives through three reloads.
    for (let reloads = 1; reloads <= 3; reloads += 1) {
      const pid = await bench.pid();
      await bench.reload();
      expect(await bench.pid()).not.toBe(pid);
      await sleep(200);
    }
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    await expectNoLoss(...loads);
    expect(await nameAt('second.test')).toBe('second.test');
  });
});
