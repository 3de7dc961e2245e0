import { connect } from 'node:net';
import type { Catalog, Route, Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { requestTls, shakeHands, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

const tls = { mode: 'passthrough' } as const;

describe.each(modes)('TLS that is passed through (%s)', (mode) => {
  let bench: TlsBench;
  beforeEach(async () => {
    bench = await createTlsBench({ mode });
    await bench.certify('ends.test', ['ends.test', '*.mixed.test']);
  });
  afterEach(() => bench.close());

  /** An application that ends TLS itself, with a certificate of its own, and says its name. */
  async function serveTls(name: string, ...routes: Route[]): Promise<Service> {
    const origin = await startTlsOrigin(bench.authority, name, name);
    bench.onClose(async () => origin[Symbol.asyncDispose]());
    return service(`/${name}`, { appProtocol: 'https', endpoints: [endpoint({ port: origin.port })], routes });
  }

  const nameAt = async (servername: string): Promise<string> =>
    (await shakeHands(bench.tlsPort, { servername })).commonName;

  it('goes by exact and wildcard names, beside hosts whose TLS ends here', async () => {
    const sink = bench.createSink();
    const ends = await bench.serve('ends', { hostnames: ['ends.test', 'own.mixed.test'] });
    const passed = [
      await serveTls('exact', { hostnames: ['exact.test'], tls }),
      await serveTls('wild', { hostnames: ['*.mixed.test'], tls }),
      await serveTls('deep', { hostnames: ['*.deep.mixed.test'], tls }),
    ];
    // The listener changes hands in the running process, and back.
    await sync(sink, bench.catalog(ends), bench);
    const catalog: Catalog = bench.catalog(ends, ...passed);
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

    await sync(sink, bench.catalog(ends), bench);
    expect(await bench.readConfig()).not.toContain('ssl_preread');
    expect(await nameAt('exact.test')).toBe('ends.test');
  });

  it('is closed where there is no handshake; a redirect of plain requests may stand beside it', async () => {
    const sink = bench.createSink();
    const hostnames = ['pass.test'];
    const pass = await serveTls('pass', { hostnames, tls }, { hostnames, redirect: { scheme: 'https' } });
    expect((await sync(sink, bench.catalog(pass), bench)).warnings).toEqual([]);
    expect(await nameAt('pass.test')).toBe('pass');
    expect((await bench.request({ host: 'pass.test' })).headers.location).toBe('https://pass.test/');
    const plain = connect(bench.tlsPort, '127.0.0.1');
    const bytes = await new Promise<number>((resolve, reject) => {
      let count = 0;
      plain.on('data', (chunk) => {
        count += chunk.length;
      });
      plain.on('error', () => resolve(count));
      plain.on('close', () => resolve(count));
      plain.setTimeout(20_000, () => reject(new Error('was not closed')));
      plain.write('GET / HTTP/1.1\r\nHost: pass.test\r\n\r\n');
    });
    expect(bytes).toBe(0);
    // Also over the sockets that a process which was killed leaves behind.
    await sink[Symbol.asyncDispose]?.();
    await bench.restart();
    expect(await nameAt('pass.test')).toBe('pass');
  });

  it('knows names alone, and hostile ones get nowhere', async () => {
    const sink = bench.createSink();
    const users = [`ann:$6$${'s'.repeat(8)}$${'h'.repeat(86)}`];
    const hostile = ['a"b', 'x;}', '~.*', '$host', 'a b', '*.*', 'a\nb', '.x', '*'.repeat(300), '\\'];
    const pass = await serveTls(
      'pass',
      { hostnames: ['a.test'], path: { type: 'prefix', value: '/x' }, tls },
      { hostnames: ['ends.test'], auth: { users }, tls },
      // Words of `map` itself.
      { hostnames: ['default', 'hostnames', 'include', 'volatile', ...hostile], tls },
    );
    const { warnings } = await sync(sink, bench.catalog({ ...pass, appProtocol: 'http' }), bench);
    const messages = warnings.map(({ message }) => message);
    expect(messages[0]).toBe('a route was left out: TLS that is passed through shows a host name and nothing else');
    expect(messages.filter((message) => message.startsWith('a host name of a route was left out'))).toHaveLength(
      hostile.length,
    );
    expect(messages).toContainEqual(expect.stringContaining('a route is closed to everybody'));
    expect((await requestTls(bench.tlsPort, { host: 'ends.test' })).status).toBe(403);
    const alone = { ...pass, routes: pass.routes?.slice(2) ?? [] };
    await sync(sink, bench.catalog(alone), bench);
    for (const name of ['default', 'hostnames', 'include', 'volatile']) expect(await nameAt(name), name).toBe('pass');
    expect(await nameAt('other.test')).toBe('ends.test');
  });
});
