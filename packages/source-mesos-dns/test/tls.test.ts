import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSource, waitFor } from '@signalbox/testkit';
import { createMesosDnsSimulator } from '@signalbox/testkit/mesos-dns';
import { type Authority, createAuthority } from '@signalbox/testkit/tls';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type MesosDnsOptions, mesosDns } from '../src/index.ts';

let authority: Authority;
let folder: string;
let url: string;
let passwords: string[];

/** A Mesos-DNS behind a proxy that speaks TLS and asks for a password: it can do neither itself. */
beforeEach(async () => {
  [authority, folder, passwords] = [await createAuthority(), await mkdtemp(join(tmpdir(), 'signalbox-tls-')), []];
  const simulator = await createMesosDnsSimulator();
  simulator.launch({ name: 'web', hostPorts: [31_000] });
  simulator.refresh();
  const { certificate, key } = await authority.issue(['mesos-dns.example']);
  const server = createServer({ cert: certificate, key }, ({ url: path, headers }, response) => {
    passwords.push(Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString());
    ask(`${simulator.url}${path}`, { agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    })
      // It ends while the last request is under way.
      .on('error', () => response.destroy())
      .end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
});

function run(options: Partial<MesosDnsOptions>) {
  const watched = runSource(
    mesosDns({ urls: [url], pollIntervalMs: 20, requestTimeoutMs: 5_000, ...options }),
    'mesos',
  );
  onTestFinished(() => watched.stop());
  return watched;
}

test('the authority and the name of the options are trusted', async () => {
  const tls = { ca: authority.certificate, serverName: 'mesos-dns.example' };
  await run({ tls }).until((places) => places.length === 1);
});

test.each<[string, () => MesosDnsOptions['tls'], RegExp, string]>([
  ['nobody knows who issued the certificate', () => ({}), /unable to verify/, '"tls.caFile"'],
  [
    'it is for another name',
    () => ({ ca: authority.certificate }),
    /localhost.*mesos-dns\.example/,
    '"tls.serverName"',
  ],
])('%s: the error says what to do', async (_, tls, message, hint) => {
  expect(await run({ tls: tls() ?? {} }).throws()).toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringMatching(message),
    hint: expect.stringContaining(hint),
  });
});

test('a password that is replaced in its file is used for the next request', async () => {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, 'first\n');
  const tls = { ca: authority.certificate, serverName: 'mesos-dns.example' };
  const watched = run({ tls, auth: { basic: { username: 'signalbox', passwordFile } } });
  await watched.until((places) => places.length === 1);
  await writeFile(passwordFile, 'second\n');
  await waitFor(() => passwords.at(-1) === 'signalbox:second', { timeoutMs: 20_000 });
  expect(passwords[0]).toBe('signalbox:first');
  expect(watched.error).toBeUndefined();
});
