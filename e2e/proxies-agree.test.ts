import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, type Sink, silentLogger, type Warning } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { type NginxMode, nginx } from '@signalbox/sink-nginx';
import {
  type Answer,
  catalogOf,
  endpoint,
  freePort,
  type Origin,
  request,
  service,
  startOrigin,
} from '@signalbox/testkit';
import { sync } from '@signalbox/testkit/proxy';
import { createAuthority, putFile, requestTls, shakeHands, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handshakes, overTls, routes, table } from './support/requests-to-both.ts';

let directory: string;
const origins: Origin[] = [];
const stops: (() => Promise<void>)[] = [];
let services: readonly Service[];
let certificates: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agree-'));
  // nginx's workers, which run as another user, pass through to their sockets.
  await chmod(directory, 0o711);
  const served = await Promise.all(
    Object.entries(routes).map(async ([name, route]) => {
      const origin = await startOrigin(name);
      origins.push(origin);
      return service(name, { appProtocol: 'http', endpoints: [endpoint({ port: origin.port })], routes: [route] });
    }),
  );
  const authority = await createAuthority();
  certificates = join(directory, 'certificates');
  const names = { default: ['default.test'], shop: ['shop.test', '*.shop.test'], secure: ['secure.test'] };
  for (const [name, hostnames] of Object.entries(names)) {
    await putFile(join(certificates, `${name}.pem`), (await authority.issue(hostnames)).pem);
  }
  const cipher = await startTlsOrigin(authority, 'cipher.test', 'cipher');
  stops.push(async () => cipher[Symbol.asyncDispose]());
  services = [
    ...served,
    service('cipher', {
      appProtocol: 'https',
      endpoints: [endpoint({ port: cipher.port })],
      routes: [{ hostnames: ['cipher.test', '*.wild.cipher.test'], tls: { mode: 'passthrough' } }],
    }),
    service('empty', { appProtocol: 'http', endpoints: [], routes: [{ hostnames: ['empty.test'] }] }),
  ];
});
afterAll(async () => {
  for (const stop of stops) await stop();
  for (const origin of origins) await origin[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe('one catalog, two proxies', () => {
  it(`HAProxy and nginx answer ${table.length} requests, ${overTls.length} over TLS and ${handshakes.length} handshakes alike`, async () => {
    const [ofHaproxy, ofNginx] = [await askHaproxy(), await askNginx('lua')];
    expect(table.length).toBeGreaterThanOrEqual(100);
    expect(ofNginx.answers).toEqual(ofHaproxy.answers);
    expect(ofNginx.answersOverTls).toEqual(ofHaproxy.answersOverTls);
    expect(ofNginx.shown).toEqual(ofHaproxy.shown);
    for (const { warnings } of [ofHaproxy, ofNginx]) expect(warnings).toEqual([]);
  });

  it('nginx without Lua says what it leaves out, and answers everything else alike', async () => {
    const [ofHaproxy, ofNginx] = [await askHaproxy(), await askNginx('reload')];
    expect(ofNginx.warnings.map(({ service: id }) => id)).toEqual(['test:closed#0']);
    const differing = table.filter((_, index) => ofNginx.answers[index] !== ofHaproxy.answers[index]);
    expect(differing.map(({ path }) => path)).toEqual(['/closed', '/closed', '/closed']);
    expect(ofNginx.answersOverTls).toEqual(ofHaproxy.answersOverTls);
    expect(ofNginx.shown).toEqual(ofHaproxy.shown);
  });
});

interface Outcome {
  /** One line for each request of the table. */
  readonly answers: readonly string[];
  /** The same for those over TLS. */
  readonly answersOverTls: readonly string[];
  /** The certificate of each handshake. */
  readonly shown: readonly string[];
  readonly warnings: readonly Warning[];
}

interface Ports {
  readonly plain: number;
  readonly tls: number;
}

async function findPorts(): Promise<Ports> {
  return { plain: await freePort(), tls: await freePort() };
}

const listenersOn = ({ plain, tls }: Ports) => [
  { address: '127.0.0.1', port: plain, protocol: 'http' as const },
  { address: '127.0.0.1', port: tls, protocol: 'http' as const, tls: true },
];

async function askHaproxy(): Promise<Outcome> {
  const ports = await findPorts();
  const config = join(await mkdtemp(join(directory, 'h-')), 'haproxy.cfg');
  const shared = { listeners: listenersOn(ports), certificates: { directory: certificates } };
  return askAll(haproxy({ config, ...shared, manage: { onExit: 'stop' } }), ports);
}

async function askNginx(mode: NginxMode): Promise<Outcome> {
  const ports = await findPorts();
  const folder = await mkdtemp(join(directory, 'n-'));
  await chmod(folder, 0o711);
  const config = join(folder, 'nginx.conf');
  const shared = { listeners: listenersOn(ports), certificates: { directory: certificates } };
  return askAll(nginx({ config, mode, ...shared, workers: 1, manage: { onExit: 'stop' } }), ports);
}

async function askAll(sink: Sink, { plain, tls }: Ports): Promise<Outcome> {
  stops.push(async () => sink[Symbol.asyncDispose]?.());
  const context = { id: 'edge', signal: new AbortController().signal, logger: silentLogger };
  const { warnings } = await sync(sink, catalogOf(services), { context });
  const answers: string[] = [];
  for (const options of table)
    answers.push(`${JSON.stringify(options)}: ${describeAnswer(await request(plain, options))}`);
  const answersOverTls: string[] = [];
  for (const row of overTls) {
    const { host, servername = host.replace(/:\d+$/, '') } = row;
    const answer = await requestTls(tls, { ...row, servername });
    answersOverTls.push(`${JSON.stringify(row)}: ${describeAnswer(answer)}`);
  }
  const shown: string[] = [];
  for (const servername of handshakes) {
    const { commonName } = await shakeHands(tls, servername === undefined ? {} : { servername });
    shown.push(`${servername}: ${commonName}`);
  }
  return { answers, answersOverTls, shown, warnings };
}

/** What a client and an application can see of it. */
function describeAnswer({ status, headers }: Pick<Answer, 'status' | 'headers'>): string {
  const { 'x-origin': origin, 'x-seen': text, location, 'x-answer': edited, 'www-authenticate': challenge } = headers;
  const seen = JSON.parse(typeof text === 'string' ? text : '{}') as { url?: string; headers?: Record<string, string> };
  const { host, 'x-set': set, 'x-add': add, 'x-gone': gone, 'x-forwarded-proto': proto } = seen.headers ?? {};
  return JSON.stringify({ status, origin, location, edited, challenge, url: seen.url, host, set, add, gone, proto });
}
