import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { type Authority, createAuthority, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

describe.each(modes)('TLS to endpoints (%s)', (mode) => {
  let bench: TlsBench;
  let stranger: Authority;
  const ports: Record<string, number> = {};
  beforeAll(async () => {
    stranger = await createAuthority('Stranger');
    bench = await createTlsBench({ mode });
    await bench.certify('any.test');
    ports.good = await startSecureOrigin(bench.authority, 'inner.test');
    ports.foreign = await startSecureOrigin(stranger, 'inner.test');
    ports.misnamed = await startSecureOrigin(bench.authority, 'other.test');
    await writeFile(join(bench.directory, 'authorities.pem'), `${bench.authority.certificate}\n`);
  });
  afterAll(() => bench.close());

  /** An application behind TLS, with a certificate of the authority for the name. It answers with its name, and the one that the handshake asked for. */
  async function startSecureOrigin(authority: Authority, name: string): Promise<number> {
    const origin = await startTlsOrigin(authority, name, (servername) => `${name} as ${servername}`);
    bench.onClose(async () => origin[Symbol.asyncDispose]());
    return origin.port;
  }

  const behindTls = (
    names: readonly string[],
    endpointTls: NonNullable<Service['traffic']>['endpointTls'] & object,
  ): Service =>
    service('/app', {
      appProtocol: 'https',
      endpoints: names.map((name) => endpoint({ port: ports[name] ?? 0, id: name })),
      routes: [{ hostnames: ['app.test'] }],
      traffic: { endpointTls },
    });

  async function answers(app: Service, count: number): Promise<readonly string[]> {
    const sink = bench.createSink({ endpointTls: { caFile: join(bench.directory, 'authorities.pem') } });
    expect((await sync(sink, bench.catalog(app), bench)).warnings).toEqual([]);
    await sink[Symbol.asyncDispose]?.();
    const seen: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { status, body } = await bench.request({ host: 'app.test' });
      seen.push(status === 200 ? body : String(status));
    }
    return seen;
  }

  it('asks those with a certificate of the authority for the name, and passes the others over', async () => {
    const endpointTls = { verify: true, serverName: 'inner.test' };
    const seen = await answers(behindTls(['good', 'foreign', 'misnamed'], endpointTls), 6);
    // A handshake that resumes a session names nobody.
    for (const body of seen) expect(body).toMatch(/^inner\.test as (inner\.test|false)$/);
    for (const name of ['foreign', 'misnamed']) {
      expect(await answers(behindTls([name], endpointTls), 1), name).toEqual(['502']);
    }
  });

  it('without verification any certificate will do; the name is that of the request, or the one given', async () => {
    expect(await answers(behindTls(['foreign'], { verify: false }), 1)).toEqual(['inner.test as app.test']);
    expect(await answers(behindTls(['foreign'], { verify: false, serverName: 'sni.test' }), 1)).toEqual([
      'inner.test as sni.test',
    ]);
  });

  it('is refused where nginx could not do it, or where nobody said how', async () => {
    const sink = bench.createSink();
    const messages = async (app: Service): Promise<readonly string[]> =>
      (await sink.plan(bench.catalog(app), bench.context)).warnings.map(({ message }) => message);
    expect((await messages(behindTls(['good'], { verify: true })))[0]).toContain('set `endpointTls.serverName`');
    const { traffic: _traffic, ...silent } = behindTls(['good'], { verify: true });
    expect((await messages(silent))[0]).toContain('needs `traffic.endpointTls`');
    const evil = { verify: true, serverName: 'a"; include /etc/passwd; #' };
    expect((await messages(behindTls(['good'], evil)))[0]).toContain('the TLS server name is no host name');
    await sink[Symbol.asyncDispose]?.();
  });
});
