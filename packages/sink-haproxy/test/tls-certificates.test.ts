import { requestTls, shakeHands } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  bench = await createTlsBench();
});
afterEach(() => bench.close());

const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

describe('the certificate that a client sees', () => {
  it('is the one for the name that it asks for: exact before wildcard, else the default', async () => {
    await bench.certify('a-first', ['first.test']);
    await bench.certify('shop', ['shop.example.com', 'www.example.com']);
    await bench.certify('wild', ['*.example.com']);
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.example.com'] }));
    await sync(sink, catalog, bench);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const names: Record<string, string | undefined> = {
      'www.example.com': 'shop.example.com',
      'SHOP.example.com': 'shop.example.com',
      'other.example.com': '*.example.com',
      'deep.other.example.com': 'first.test',
      'unknown.test': 'first.test',
    };
    for (const [servername, commonName] of Object.entries(names)) {
      expect(await shakeHands(bench.tlsPort, { servername: servername ?? '' }), servername).toMatchObject({
        commonName,
      });
    }
    expect(await shakeHands(bench.tlsPort)).toMatchObject({ commonName: 'first.test' });
    const answer = await requestTls(bench.tlsPort, { host: 'shop.example.com', ca: bench.authority.certificate });
    expect(answer).toMatchObject({ status: 200, body: 'shop' });
  });

  it('has the key that the client can use: RSA and ECDSA for one name', async () => {
    await bench.certify('shop-rsa', ['shop.test'], { kind: 'rsa' });
    await bench.certify('shop-ecdsa', ['shop.test']);
    await sync(bench.createSink(), bench.catalog(), bench);
    const serials = new Set<string>();
    for (const ciphers of ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256']) {
      const { serial } = await shakeHands(bench.tlsPort, { servername: 'shop.test', ciphers, ...tls12 });
      serials.add(serial);
    }
    expect(serials.size).toBe(2);
  });

  it('speaks HTTP/2 to those who offer it', async () => {
    await bench.certify('shop.test');
    await sync(bench.createSink(), bench.catalog(), bench);
    const offers = [['h2', 'http/1.1'], ['http/1.1']];
    const chosen = [];
    for (const ALPNProtocols of offers) chosen.push((await shakeHands(bench.tlsPort, { ALPNProtocols })).protocol);
    expect(chosen).toEqual(['h2', 'http/1.1']);
  });
});
