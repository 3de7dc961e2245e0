import { requestTls, shakeHands } from '@signalbox/testkit/tls';
import { afterEach, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
afterEach(() => bench.close());

const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

describe.each(modes)('the certificate that a client sees (%s)', (mode) => {
  it('is the one for the name that it asks for: exact before wildcard, else the default', async () => {
    bench = await createTlsBench({ mode });
    await bench.certify('a-first', ['first.test']);
    await bench.certify('shop', ['shop.example.com', 'www.example.com']);
    await bench.certify('wild', ['*.example.com']);
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.example.com'] }));
    expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const names: Record<string, string> = {
      'www.example.com': 'shop.example.com',
      'SHOP.example.com': 'shop.example.com',
      'other.example.com': '*.example.com',
      'OTHER.example.com': '*.example.com',
      'deep.other.example.com': 'first.test',
      'unknown.test': 'first.test',
    };
    for (const [servername, commonName] of Object.entries(names)) {
      expect(await shakeHands(bench.tlsPort, { servername }), servername).toMatchObject({ commonName });
    }
    expect(await shakeHands(bench.tlsPort)).toMatchObject({ commonName: 'first.test' });
    const answer = await requestTls(bench.tlsPort, { host: 'shop.example.com', ca: bench.authority.certificate });
    expect(answer).toMatchObject({ status: 200, body: 'shop' });
  });

  it('has the key that the client can use: RSA and ECDSA for one name, and a long chain', async () => {
    bench = await createTlsBench({ mode });
    await bench.certify('a-other', ['other.test']);
    const rsa = await bench.certify('shop-rsa', ['shop.test'], { kind: 'rsa', paddingBytes: 9_000 });
    const ecdsa = await bench.certify('shop-ecdsa', ['shop.test']);
    await sync(bench.createSink(), bench.catalog(), bench);
    const serials: string[] = [];
    for (const ciphers of ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256']) {
      const { serial } = await shakeHands(bench.tlsPort, { servername: 'shop.test', ciphers, ...tls12 });
      serials.push(serial);
    }
    expect(serials).toEqual([rsa.serial, ecdsa.serial]);
    expect(await shakeHands(bench.tlsPort, { servername: 'other.test' })).toMatchObject({ commonName: 'other.test' });
  });

  it('is none for an unknown name where the listener is strict; the version and ALPN are as it says', async () => {
    bench = await createTlsBench({ mode, tls: { strictSni: true, minVersion: '1.3', alpn: ['http/1.1'] } });
    const { serial } = await bench.certify('shop.test', ['shop.test', '*.wild.test']);
    await sync(bench.createSink(), bench.catalog(), bench);
    expect(await bench.serialOf('shop.test')).toBe(serial);
    expect(await bench.serialOf('a.wild.test')).toBe(serial);
    for (const servername of ['unknown.test', 'a.b.wild.test']) {
      await expect(bench.serialOf(servername), servername).rejects.toThrow();
    }
    await expect(bench.serialOf()).rejects.toThrow();
    await expect(shakeHands(bench.tlsPort, { servername: 'shop.test', ...tls12 })).rejects.toThrow();
    const offer = { servername: 'shop.test', ALPNProtocols: ['h2', 'http/1.1'] };
    expect((await shakeHands(bench.tlsPort, offer)).protocol).toBe('http/1.1');
  });

  it('is the default that was chosen, over HTTP/2 for those who offer it', async () => {
    bench = await createTlsBench({ mode, certificateOptions: { default: 'second' } });
    await bench.certify('first');
    const { serial } = await bench.certify('second');
    await sync(bench.createSink(), bench.catalog(), bench);
    expect(await bench.serialOf()).toBe(serial);
    const chosen = [];
    for (const ALPNProtocols of [['h2', 'http/1.1'], ['http/1.1']]) {
      chosen.push((await shakeHands(bench.tlsPort, { ALPNProtocols })).protocol);
    }
    expect(chosen).toEqual(['h2', 'http/1.1']);
  });
});
