import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '@signalbox/core';
import { type Authority, createAuthority, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { request } from './support/origins.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

const wait = { timeout: 20_000, interval: 50 };

let bench: TlsBench;
let stranger: Authority;
beforeEach(async () => {
  stranger = await createAuthority('Stranger');
  bench = await createTlsBench();
});
afterEach(() => bench.close());

/** An application behind TLS, with a certificate of the authority for the name. */
async function startSecureOrigin(authority: Authority, name: string): Promise<number> {
  const origin = await startTlsOrigin(authority, name, name);
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  return origin.port;
}

function behindTls(ports: readonly number[], endpointTls: { verify: boolean; serverName?: string }): Service {
  return makeService('mesos:/app#0', {
    endpoints: ports.map((port) => makeEndpoint(port, { health: 'unknown' })),
    routes: [{ hostnames: ['app.test'] }],
    // One check of a good endpoint may take longer than the interval where others keep the machine busy.
    healthCheck: { kind: 'https', path: '/', intervalMs: 500, failures: 3 },
    traffic: { endpointTls },
  });
}

async function createVerifyingSink() {
  const caFile = join(bench.directory, 'authorities.pem');
  await writeFile(caFile, `${bench.authority.certificate}\n`);
  return bench.createSink({ endpointTls: { caFile } });
}

it('endpoints with a certificate of the authority serve; those of others and for other names are down', async () => {
  const sink = await createVerifyingSink();
  const endpointTls = { verify: true, serverName: 'inner.test' };
  const good = await startSecureOrigin(bench.authority, 'inner.test');
  const foreign = await startSecureOrigin(stranger, 'inner.test');
  const misnamed = await startSecureOrigin(bench.authority, 'other.test');
  const app = behindTls([good, foreign, misnamed], endpointTls);
  const catalog = bench.catalog(app);
  await sync(sink, catalog, bench);
  await vi.waitFor(async () => {
    const statistics = await sink.statistics?.(catalog, bench.context);
    const states = app.endpoints.map(({ id }) => statistics?.services.get(app.id)?.endpoints.get(id)?.state);
    expect(states).toEqual(['up', 'down', 'down']);
  }, wait);
  for (let count = 0; count < 6; count += 1) {
    expect(await request(bench.plainPort, { host: 'app.test' })).toMatchObject({ status: 200, body: 'inner.test' });
  }
});

it('an endpoint that comes at runtime, the first one too, is verified as well', async () => {
  const sink = await createVerifyingSink();
  const endpointTls = { verify: true, serverName: 'inner.test' };
  await sync(sink, bench.catalog(behindTls([], endpointTls)), bench);
  const pid = await bench.pid();
  const good = await startSecureOrigin(bench.authority, 'inner.test');
  const foreign = await startSecureOrigin(stranger, 'inner.test');
  await sync(sink, bench.catalog(behindTls([good], endpointTls)), bench);
  await vi.waitFor(
    async () => expect((await request(bench.plainPort, { host: 'app.test' })).body).toBe('inner.test'),
    wait,
  );
  await sync(sink, bench.catalog(behindTls([foreign], endpointTls)), bench);
  await vi.waitFor(async () => expect((await request(bench.plainPort, { host: 'app.test' })).status).toBe(503), wait);
  expect(await bench.pid()).toBe(pid);
});

it('without verification any certificate will do', async () => {
  const sink = bench.createSink();
  const foreign = await startSecureOrigin(stranger, 'inner.test');
  await sync(sink, bench.catalog(behindTls([foreign], { verify: false })), bench);
  await vi.waitFor(
    async () => expect((await request(bench.plainPort, { host: 'app.test' })).body).toBe('inner.test'),
    wait,
  );
});

it('an HTTPS service without a word on verification is left out of listeners', async () => {
  const sink = bench.createSink();
  const app = makeService('mesos:/app#0', { appProtocol: 'https', routes: [{ hostnames: ['app.test'] }] });
  const { warnings } = await sink.plan(bench.catalog(app), bench.context);
  expect(warnings.map(({ message }) => message)).toContain(
    'its routes were left out: an HTTPS service on a shared listener needs `traffic.endpointTls`',
  );
});
