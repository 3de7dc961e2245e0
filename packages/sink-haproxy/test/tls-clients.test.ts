import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Sink } from '@signalbox/core';
import { freePortRange } from '@signalbox/testkit';
import { type Authority, createAuthority, type Issued, openTls, putFile, requestTls } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from './support/origins.ts';
import { summaries, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
let clients: Authority;
let caFile: string;
let crlFile: string;
beforeEach(async () => {
  bench = await createTlsBench();
  clients = await createAuthority('Clients');
  caFile = join(bench.directory, 'clients.pem');
  crlFile = join(bench.directory, 'revoked.pem');
  await putFile(caFile, clients.certificate);
  await bench.certify('shop.test');
});
afterEach(() => bench.close());

interface Wishes {
  readonly verify?: 'required' | 'optional';
  readonly crlFile?: string;
}

function createSink(wishes: Wishes = {}, extra: object = {}): Sink {
  const tls = { clientCertificates: { caFile, ...wishes } };
  return bench.createSink({
    listeners: [
      { name: 'web', address: '127.0.0.1', port: bench.plainPort, protocol: 'http' },
      { name: 'secure', address: '127.0.0.1', port: bench.tlsPort, protocol: 'http', tls },
    ],
    ...extra,
  });
}

const forged = {
  'x-ssl-client-verify': 'SUCCESS',
  X_SSL_Client_Subject: 'CN=root',
  'x-ssl-client-fingerprint': 'ff',
};

/** The answer's own word, or what the application was told of the client. */
async function ask(certificate?: Issued, port = bench.tlsPort): Promise<unknown> {
  const { headers } = await requestTls(port, { host: 'shop.test', certificate, headers: forged });
  return told(headers);
}

function told(headers: { readonly [name: string]: unknown }): unknown {
  const seen = JSON.parse(String(headers['x-seen'])) as { headers: Record<string, string> };
  return Object.fromEntries(Object.entries(seen.headers).filter(([name]) => /^x.ssl.client/.test(name)));
}

const fingerprint = expect.stringMatching(/^[0-9a-f]{40}$/);
const isAlice = {
  'x-ssl-client-verify': 'SUCCESS',
  'x-ssl-client-subject': 'CN=alice',
  'x-ssl-client-fingerprint': fingerprint,
};

describe('where a certificate is required', () => {
  it('the right one is let in, and the application is told who it is', async () => {
    const sink = createSink();
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
    expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
    expect(await ask(await clients.issue(['alice']))).toEqual(isAlice);
    await expect(ask()).rejects.toThrow();
    await expect(ask(await bench.authority.issue(['alice']))).rejects.toThrow();
    await expect(ask(await clients.issue(['alice'], { fromDays: -9, toDays: -1 }))).rejects.toThrow();
    // Nobody may say so by the listener beside.
    expect(told((await request(bench.plainPort, { host: 'shop.test', headers: forged })).headers)).toEqual({});
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect((await createSink().plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('a revoked one is refused, and others of its authority are not', async () => {
    const [alice, mallory] = [await clients.issue(['alice']), await clients.issue(['mallory'])];
    await putFile(crlFile, await clients.revoke([]));
    const sink = createSink({ crlFile });
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
    expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
    expect(await ask(mallory)).toMatchObject({ 'x-ssl-client-subject': 'CN=mallory' });
    await putFile(crlFile, await clients.revoke([mallory.serial]));
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan).at(-1)).toBe('HAProxy reloads: the authorities of clients changed');
    await expect(ask(mallory)).rejects.toThrow();
    expect(await ask(alice)).toEqual(isAlice);
  });
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)('a client that comes back by %s is still who it was', async (maxVersion) => {
  await sync(createSink(), bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] })), bench);
  const { certificate, key } = await clients.issue(['alice']);
  const options = { servername: 'shop.test', maxVersion, cert: certificate, key };
  const first = await openTls(bench.tlsPort, options);
  // Before 1.3 it is there with the handshake.
  const session = maxVersion === 'TLSv1.2' ? [first.getSession()] : once(first, 'session');
  expect(await speak(first)).toContain('"x-ssl-client-subject":"CN=alice"');
  const [ticket] = (await session) as [Buffer];
  const again = await openTls(bench.tlsPort, { ...options, session: ticket });
  expect(again.isSessionReused()).toBe(true);
  expect(await speak(again)).toContain('"x-ssl-client-subject":"CN=alice"');
});

async function speak(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.write('GET / HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n');
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

it('no name that an authority writes becomes a header of its own', async () => {
  await sync(createSink(), bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] })), bench);
  const seen = await ask(await clients.issue(['eve\r\nx-ssl-client-admin: yes']));
  expect(seen).toEqual({ ...isAlice, 'x-ssl-client-subject': expect.stringMatching(/^CN=eve\\0D\\0Ax-ssl/) });
});

describe('where it is optional', () => {
  it('who has none is let in as nobody, and a wrong one is refused', async () => {
    await sync(
      createSink({ verify: 'optional' }),
      bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] })),
      bench,
    );
    expect(await ask()).toEqual({ 'x-ssl-client-verify': 'NONE' });
    expect(await ask(await clients.issue(['alice']))).toEqual(isAlice);
    await expect(ask(await bench.authority.issue(['alice']))).rejects.toThrow();
  });
});

describe('the file of authorities', () => {
  it('changes: the new ones are in force, and the old ones are not', async () => {
    const sink = createSink();
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
    await sync(sink, catalog, bench);
    const next = await createAuthority('Next');
    await putFile(caFile, next.certificate);
    await sync(sink, catalog, bench);
    expect(await ask(await next.issue(['alice']))).toEqual(isAlice);
    await expect(ask(await clients.issue(['alice']))).rejects.toThrow();
  });

  it.each(['', '-----BEGIN CERTIFICATE-----\nMIIB', 'gone'])(
    'is bad (%j): the last good ones stay, for a new Signalbox too',
    async (text) => {
      const sink = createSink();
      const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
      await sync(sink, catalog, bench);
      if (text === 'gone') await rm(caFile);
      else await putFile(caFile, text);
      for (const one of [sink, createSink()]) {
        const plan = await sync(one, catalog, bench);
        expect(plan.changes).toEqual([]);
        expect(plan.warnings).toEqual([
          {
            message: expect.stringMatching(
              /^the authorities of clients in ".*" were left out: .*; the last good ones stay in force$/,
            ),
          },
        ]);
      }
      expect(await ask(await clients.issue(['alice']))).toEqual(isAlice);
    },
  );

  it('was never there: that listener lets nobody in, and others go on', async () => {
    await rm(caFile);
    const sink = createSink({ verify: 'optional' });
    const catalog = bench.catalog(await bench.serve('shop', { hostnames: ['shop.test'] }));
    const { warnings } = await sync(sink, catalog, bench);
    expect(warnings).toEqual([{ message: expect.stringContaining('no client is let in where they are needed') }]);
    await expect(ask()).rejects.toThrow();
    expect((await request(bench.plainPort, { host: 'shop.test' })).body).toBe('shop');
    await putFile(caFile, clients.certificate);
    await sync(sink, catalog, bench);
    expect(await ask(await clients.issue(['alice']))).toEqual(isAlice);
  });
});

it('service ports ask for certificates as well, and none of them passes on what clients say', async () => {
  const from = await freePortRange(2);
  const servicePortTls = { clientCertificates: { caFile } };
  const sink = bench.createSink({ portRanges: [{ from, to: from + 1 }], servicePortTls });
  const secure = { ...(await bench.serve('secure')), port: from, portTls: {} };
  const plain = { ...(await bench.serve('plain')), port: from + 1 };
  await sync(sink, bench.catalog(secure, plain), bench);
  expect(await ask(await clients.issue(['alice']), from)).toEqual(isAlice);
  await expect(ask(undefined, from)).rejects.toThrow();
  expect(told((await request(from + 1, { headers: forged })).headers)).toEqual({});
});
