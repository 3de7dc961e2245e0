import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { Route } from '@signalbox/core';
import { openTls, requestTls, shakeHands, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  bench = await createTlsBench();
  await bench.certify('ends.test', ['ends.test', '*.mixed.test']);
});
afterEach(() => bench.close());

const tls = { mode: 'passthrough' } as const;

/** An application that ends TLS itself, with a certificate of its own, and says its name. */
async function serveTls(name: string, ...routes: Route[]) {
  const origin = await startTlsOrigin(bench.authority, name, name);
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  return makeService(`mesos:/${name}#0`, { appProtocol: 'https', endpoints: [makeEndpoint(origin.port)], routes });
}

const nameAt = async (servername: string): Promise<string> =>
  (await shakeHands(bench.tlsPort, { servername })).commonName;

describe('TLS that is passed through', () => {
  it('goes by exact and wildcard names, beside hosts whose TLS ends here', async () => {
    const sink = bench.createSink();
    const catalog = bench.catalog(
      await bench.serve('ends', { hostnames: ['ends.test', 'own.mixed.test'] }),
      await serveTls('exact', { hostnames: ['exact.test'], tls }),
      await serveTls('wild', { hostnames: ['*.mixed.test'], tls }),
      await serveTls('deep', { hostnames: ['*.deep.mixed.test'], tls }),
    );
    expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const seen: Record<string, string> = {};
    for (const name of ['exact.test', 'EXACT.test', 'a.mixed.test', 'a.b.mixed.test', 'a.deep.mixed.test'])
      seen[name] = await nameAt(name);
    expect(seen).toEqual({
      'exact.test': 'exact',
      'EXACT.test': 'exact',
      'a.mixed.test': 'wild',
      'a.b.mixed.test': 'wild',
      'a.deep.mixed.test': 'deep',
    });
    for (const host of ['ends.test', 'own.mixed.test']) {
      const answer = await requestTls(bench.tlsPort, { host, ca: bench.authority.certificate });
      expect(answer.body, host).toBe('ends');
      const { headers } = JSON.parse(String(answer.headers['x-seen']));
      expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' });
    }
    expect(await nameAt('unknown.test')).toBe('ends.test');
    expect((await shakeHands(bench.tlsPort)).commonName).toBe('ends.test');
    // Over a connection for another name.
    const misdirected = await requestTls(bench.tlsPort, { host: 'exact.test', servername: 'ends.test' });
    expect(misdirected.status).toBe(421);
  });

  it('needs a reload for the first route, and none for further names', async () => {
    const sink = bench.createSink();
    const ends = await bench.serve('ends', { hostnames: ['ends.test'] });
    const pass = await serveTls('pass', { hostnames: ['one.test'], tls });
    await sync(sink, bench.catalog(ends), bench);
    expect(await bench.readConfig()).not.toContain('req.ssl_sni');
    await sync(sink, bench.catalog(ends, pass), bench);
    const pid = await bench.pid();
    const both = { ...pass, routes: [{ hostnames: ['one.test', '*.two.test'], tls }] };
    const plan = await sync(sink, bench.catalog(ends, both), bench);
    // Beside a wildcard, the hosts whose TLS ends here are named too.
    expect(summaries(plan)).toEqual([
      expect.stringContaining('route *.two.test led to backend'),
      'route ends.test led to backend s_none',
    ]);
    expect(await nameAt('x.two.test')).toBe('pass');
    expect(await bench.pid()).toBe(pid);
    await sync(sink, bench.catalog(ends), bench);
    expect(await bench.readConfig()).not.toContain('req.ssl_sni');
    expect(await nameAt('one.test')).toBe('ends.test');
  });

  it('waits for a hello in pieces, and closes on what is none', async () => {
    const sink = bench.createSink();
    await sync(sink, bench.catalog(await serveTls('slow', { hostnames: ['slow.test'], tls })), bench);
    const socket = connect(bench.tlsPort, '127.0.0.1');
    const pieces = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        void (async () => {
          for (let at = 0; at < chunk.length; at += 100) {
            socket.write(chunk.subarray(at, at + 100));
            if (at < 600) await new Promise((resolve) => setTimeout(resolve, 30));
          }
          done();
        })();
      },
    });
    socket.on('data', (chunk) => pieces.push(chunk));
    const secure = await openTls(0, { socket: pieces, servername: 'slow.test' });
    expect(secure.getPeerCertificate().subject.CN).toBe('slow');
    socket.destroy();

    const plain = connect(bench.tlsPort, '127.0.0.1');
    const bytes = await new Promise<number>((resolve, reject) => {
      let count = 0;
      plain.on('data', (chunk) => {
        count += chunk.length;
      });
      plain.on('error', () => resolve(count));
      plain.on('close', () => resolve(count));
      plain.setTimeout(20_000, () => reject(new Error('was not closed')));
      plain.write('GET / HTTP/1.1\r\nHost: slow.test\r\n\r\n');
    });
    expect(bytes).toBe(0);
  });

  it('may have a redirect of plain requests beside it', async () => {
    const sink = bench.createSink();
    const hostnames = ['pass.test'];
    const pass = await serveTls('pass', { hostnames, tls }, { hostnames, redirect: { scheme: 'https' } });
    expect((await sync(sink, bench.catalog(pass), bench)).warnings).toEqual([]);
    expect(await nameAt('pass.test')).toBe('pass');
    expect((await request(bench.plainPort, { host: 'pass.test' })).headers.location).toBe('https://pass.test/');
  });

  it('knows names alone: a route that wants more is left out, one with users closed', async () => {
    const sink = bench.createSink();
    const users = [`ann:$6$${'s'.repeat(8)}$${'h'.repeat(86)}`];
    const pass = await serveTls(
      'pass',
      { hostnames: ['a.test'], path: { type: 'prefix', value: '/x' }, tls },
      { hostnames: ['ends.test'], auth: { users }, tls },
      { hostnames: ['*.a.b.c.d.e.f'], tls },
    );
    const { warnings } = await sync(sink, bench.catalog({ ...pass, appProtocol: 'http' }), bench);
    expect(warnings.map(({ message }) => message)).toEqual([
      'a route was left out: TLS that is passed through shows a host name and nothing else',
      'a host name of a route was left out: a wildcard has at most 5 labels behind it',
      'a route is closed to everybody: TLS that is passed through shows a host name and nothing else',
    ]);
    expect((await requestTls(bench.tlsPort, { host: 'ends.test' })).status).toBe(403);
  });
});
