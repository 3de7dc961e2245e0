import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Authority, createAuthority, type Issued } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnection, readAnswer, type TlsOptions } from '../src/index.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

let authority: Authority;
let other: Authority;
/** Where each kind of server answers. */
let urls: Readonly<Record<string, string>>;
const client: Record<string, Issued> = {};

beforeAll(async () => {
  [authority, other] = [await createAuthority(), await createAuthority('Another authority')];
  const local = await authority.issue(['localhost']);
  const wantsClient = { requestCert: true, ca: authority.certificate };
  client.good = await authority.issue(['client']);
  client.foreign = await other.issue(['client']);
  urls = {
    good: await listen(local),
    renamed: await listen(await authority.issue(['other.example'])),
    expired: await listen(await authority.issue(['localhost'], { fromDays: -9, toDays: -2 })),
    early: await listen(await authority.issue(['localhost'], { fromDays: 2, toDays: 9 })),
    strict: await listen(local, wantsClient),
    'strict, TLS 1.2': await listen(local, { ...wantsClient, maxVersion: 'TLSv1.2' }),
    plain: (await listen()).replace('http:', 'https:'),
  };
  urls = { ...urls, 'good without TLS': (urls.good ?? '').replace('https:', 'http:') };
});

async function listen(own?: Issued, more: ServerOptions = {}): Promise<string> {
  const answer: Parameters<typeof createPlainServer>[1] = (_, response) => void response.end('[]');
  const server =
    own === undefined
      ? createPlainServer(answer)
      : createServer({ cert: own.certificate, key: own.key, ...more }, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${own === undefined ? 'http' : 'https'}://localhost:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, tls: TlsOptions): Promise<number> {
  const agent = await openConnection(tls);
  try {
    const { signal } = new AbortController();
    const upstream = { system: 'the server', nothing: 'nothing' };
    return (await readAnswer({ agent, url, headers: {}, timeoutMs: 10_000, signal, upstream })).status;
  } finally {
    await agent.destroy();
  }
}

const withClient = (issued: Issued | undefined): TlsOptions => ({
  cert: issued?.certificate,
  key: issued?.key,
});

test.each<[string, string, () => TlsOptions]>([
  ['an authority', 'good', () => ({})],
  ['an authority among others', 'good', () => ({ ca: `${other.certificate}\n${authority.certificate}` })],
  ['another name', 'renamed', () => ({ serverName: 'other.example' })],
  ['a client certificate', 'strict', () => withClient(client.good)],
  ['a client certificate, TLS 1.2', 'strict, TLS 1.2', () => withClient(client.good)],
  ['no look at all', 'expired', () => ({ insecure: true })],
])('%s is enough', async (_, server, tls) => {
  expect(await ask(urls[server] ?? '', { ca: authority.certificate, ...tls() })).toBe(200);
});

const clientHint = /"tls\.cert" and "tls\.key"/;

test.each<[string, string, () => TlsOptions, RegExp, RegExp]>([
  ['an authority that nobody knows', 'good', () => ({ ca: undefined }), /unable to verify/, /"tls\.caFile"/],
  ['another authority', 'good', () => ({ ca: other.certificate }), /unable to verify/, /"tls\.caFile"/],
  ['another name', 'renamed', () => ({}), /localhost.*DNS:other\.example/, /"tls\.serverName"/],
  ['an end that has come', 'expired', () => ({}), /has expired/, /renew the certificate of the server/],
  ['a begin that has not', 'early', () => ({}), /not yet valid/, /clocks/],
  ['no client certificate', 'strict', () => ({}), /closed|reset|certificate required/, clientHint],
  ['a client certificate of others', 'strict', () => withClient(client.foreign), /closed|reset|unknown/, clientHint],
  ['no client certificate, TLS 1.2', 'strict, TLS 1.2', () => ({}), /handshake failure$/, clientHint],
  ['no TLS on the other side', 'plain', () => ({}), /: wrong version number$/, /http:\/\//],
  ['no TLS on this side', 'good without TLS', () => ({}), /closed|reset/, /https:\/\//],
])('%s is named, with what to do', async (_, server, tls, message, hint) => {
  const asked = ask(urls[server] ?? '', { ca: authority.certificate, ...tls() });
  await expect(asked).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    retryable: true,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

const pem = (content: string): string => `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----\n`;

test.each<[string, () => TlsOptions, RegExp]>([
  ['an authority that is no PEM', () => ({ ca: 'x' }), /"tls\.ca" holds no certificate$/],
  ['half an authority', () => ({ ca: pem('MIIBszCC') }), /"tls\.ca" holds a broken certificate: /],
  ['a key that is none', () => ({ ...withClient(client.good), key: 's3cret' }), /"tls\.key" holds no private key/],
  ['the key of another', () => ({ ...withClient(client.good), key: client.foreign?.key }), /do not belong together$/],
])('%s is found before anything is asked', async (_, tls, message) => {
  const error = await openConnection({ ca: authority.certificate, ...tls() }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.stringMatching(message) });
  expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain('s3cret');
});
