import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { runSource, waitFor } from '@signalbox/testkit';
import { type Authority, createAuthority } from '@signalbox/testkit/tls';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type HttpOptions, http } from '../src/index.ts';

let folder: string;
let authority: Authority;
let server: Server;
let url: string;
/** What the client showed with each request. */
let seen: { readonly authorization: string | undefined; readonly certificate: string | undefined }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-tls-'));
  authority = await createAuthority();
  seen = [];
  server = createServer({ requestCert: true, rejectUnauthorized: false }, ({ socket, headers }, response) => {
    const { serialNumber } = (socket as TLSSocket).getPeerCertificate();
    seen.push({ authorization: headers.authorization, certificate: serialNumber?.toLowerCase() });
    // Each request makes a new connection, so that nothing has to be cut off in the middle.
    response.setHeader('connection', 'close');
    response.end(JSON.stringify({ services: [{ name: 'web', endpoints: ['10.0.0.1:80'] }] }));
  });
  await present(authority);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
});

/** New connections get a certificate of this authority. */
async function present(by: Authority): Promise<void> {
  const { certificate, key } = await by.issue(['localhost']);
  server.setSecureContext({ cert: certificate, key });
}

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

function run(options: Partial<HttpOptions>) {
  const watched = runSource(http({ urls: [url], pollIntervalMs: 20, requestTimeoutMs: 5_000, ...options }), 'web');
  onTestFinished(() => watched.stop());
  return watched;
}

const polls = async (count = 3): Promise<void> => {
  const since = seen.length;
  await waitFor(() => seen.length >= since + count, { timeoutMs: 20_000 });
};

test('the authority of the option is trusted, and nobody else', async () => {
  await run({ tls: { ca: authority.certificate } }).until((places) => places.length === 1);
  const hint = expect.stringContaining('"tls.caFile"');
  expect(await run({}).throws()).toMatchObject({ code: 'SOURCE_UNREACHABLE', hint });
});

test('a file of authorities that is replaced counts for new connections, and half a file does not', async () => {
  const caFile = await write('ca.pem', authority.certificate);
  const watched = run({ tls: { caFile } });
  await watched.until((places) => places.length === 1);
  await write('ca.pem', authority.certificate.slice(0, 200));
  await polls();
  const next = await createAuthority('The next authority');
  await write('ca.pem', `${authority.certificate}\n${next.certificate}`);
  await present(next);
  await polls();
  expect(watched.error).toBeUndefined();
  await write('ca.pem', authority.certificate);
  expect(await watched.throws()).toMatchObject({ hint: expect.stringContaining('"tls.caFile"') });
});

test('a client certificate that is replaced is used, also while its key is not yet', async () => {
  const own = await authority.issue(['client']);
  const renewed = await authority.issue(['client']);
  const tls = {
    ca: authority.certificate,
    certFile: await write('client.pem', own.certificate),
    keyFile: await write('client.key', own.key),
  };
  const shows = (serial: string) =>
    waitFor(() => seen.at(-1)?.certificate === serial, { timeoutMs: 20_000, description: `certificate ${serial}` });
  const watched = run({ tls });
  await shows(own.serial);
  await write('client.pem', renewed.certificate);
  await polls();
  expect(seen.at(-1)?.certificate).toBe(own.serial);
  await write('client.key', renewed.key);
  await shows(renewed.serial);
  expect(watched.error).toBeUndefined();
});

test('a token that is replaced in its file is used for the next request', async () => {
  const bearerFile = await write('token', 'first\n');
  const watched = run({ tls: { ca: authority.certificate }, auth: { bearerFile } });
  for (const token of ['first', 'second']) {
    await write('token', `${token}\n`);
    await waitFor(() => seen.at(-1)?.authorization === `Bearer ${token}`, { timeoutMs: 20_000 });
  }
  expect(watched.error).toBeUndefined();
});

test('a certificate without its key is refused at once', () => {
  expect(() => http({ urls: [url], tls: { certFile: '/client.pem' } })).toThrow(/"cert" needs "key" or "keyFile"/);
});
