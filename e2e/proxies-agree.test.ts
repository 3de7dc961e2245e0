import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Route, type Service, type Sink, silentLogger, type Warning } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { type NginxMode, nginx } from '@signalbox/sink-nginx';
import {
  type Answer,
  catalogOf,
  endpoint,
  freePort,
  type Origin,
  type RequestOptions,
  request,
  service,
  startOrigin,
} from '@signalbox/testkit';
import { sync } from '@signalbox/testkit/proxy';
import { createAuthority, putFile, requestTls, shakeHands, startTlsOrigin } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const password = '$5$abc$sCOGUciM.GdmYMCUvmUcgu03oRH87O0clF96.9mwWGB';

/** By the name of the service that has it. */
const routes: Readonly<Record<string, Route>> = {
  any: {},
  'any-api': { path: { type: 'prefix', value: '/api' } },
  host: { hostnames: ['shop.test'] },
  api: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api' } },
  'api-v1': { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api/v1/' } },
  'api-v1-exact': { hostnames: ['shop.test'], path: { type: 'exact', value: '/api/v1' } },
  wild: { hostnames: ['*.shop.test'] },
  'wild-deep': { hostnames: ['*.eu.shop.test'], path: { type: 'prefix', value: '/api' } },
  posts: { hostnames: ['shop.test'], methods: ['POST', 'DELETE'] },
  beta: { hostnames: ['shop.test'], headers: [{ name: 'x-beta', value: 'yes' }] },
  'beta-posts': { hostnames: ['shop.test'], methods: ['POST'], headers: [{ name: 'x-beta', value: 'yes' }] },
  version: { hostnames: ['shop.test'], headers: [{ name: 'x-version', value: '^v[0-9]+$', type: 'regex' }] },
  query: { hostnames: ['shop.test'], queryParams: [{ name: 'q', value: 'a b' }] },
  images: { hostnames: ['shop.test'], path: { type: 'regex', value: '\\.(png|jpg)$' } },
  'to-host': {
    hostnames: ['shop.test'],
    path: { type: 'prefix', value: '/go/host' },
    redirect: { hostname: 'new.test' },
  },
  'to-path': {
    hostnames: ['shop.test'],
    path: { type: 'exact', value: '/go/path' },
    redirect: { path: '/new', status: 307 },
  },
  'to-port': {
    hostnames: ['shop.test'],
    path: { type: 'exact', value: '/go/port' },
    redirect: { port: 8443, status: 308 },
  },
  'to-https': {
    hostnames: ['shop.test'],
    path: { type: 'prefix', value: '/go/https' },
    redirect: { scheme: 'https', status: 301 },
  },
  prefix: { hostnames: ['shop.test'], path: { type: 'prefix', value: '/old' }, rewrite: { pathPrefix: '/new' } },
  strip: {
    hostnames: ['shop.test'],
    path: { type: 'prefix', value: '/strip' },
    rewrite: { pathPrefix: '/', hostname: 'inner.test' },
  },
  edits: {
    hostnames: ['edits.test'],
    requestHeaders: { set: { 'x-set': 'a "b" $c' }, add: { 'x-add': 'more' }, remove: ['x-gone'] },
    responseHeaders: { set: { 'x-answer': 'yes, $1' } },
  },
  closed: {
    hostnames: ['shop.test'],
    path: { type: 'prefix', value: '/closed' },
    auth: { users: [`anna:${password}`] },
  },
  secure: { hostnames: ['secure.test'], tls: { mode: 'terminate' } },
  'secure-api': { hostnames: ['shop.test'], path: { type: 'prefix', value: '/api' }, tls: { mode: 'terminate' } },
  'secure-posts': { hostnames: ['shop.test'], methods: ['POST'], tls: { mode: 'terminate' } },
  'plain-to-https': { hostnames: ['secure.test'], redirect: { scheme: 'https', status: 301 } },
  'to-https-alone': { hostnames: ['moved.test'], redirect: { scheme: 'https', status: 308 } },
};

const hosts = [
  'shop.test',
  'SHOP.test:8080',
  'a.shop.test',
  'b.a.shop.test',
  'a.eu.shop.test',
  'eu.shop.test',
  'xshop.test',
];
const paths = [
  '/',
  '/api',
  '/api/',
  '/api/x?a=/b',
  '/apix',
  '/api/v1',
  '/api/v1/',
  '/api/v1/x',
  '/API',
  '/a.png',
  '/old/x',
];
const onShop: readonly RequestOptions[] = [
  { method: 'POST' },
  { method: 'DELETE', path: '/api' },
  { method: 'PUT' },
  { headers: { 'x-beta': 'yes' } },
  { headers: { 'x-beta': 'no' } },
  { headers: { 'X-Beta': 'yes' }, method: 'POST' },
  { headers: { 'x-version': 'v12' } },
  { headers: { 'x-version': 'v12b' } },
  { path: '/?q=a+b' },
  { path: '/?x&q=a%20b' },
  { path: '/?q=ab' },
  { path: '/x/y.jpg?z' },
  { path: '/go/host' },
  { path: '/go/host/a?b=c' },
  { path: '/go/path?a=b' },
  { path: '/go/port' },
  { path: '/go/https/x?y' },
  { path: '/go/https', headers: { 'x-forwarded-proto': 'https' } },
  { path: '/old' },
  { path: '/old/a%2Fb?c=%20d' },
  { path: '/strip' },
  { path: '/strip/x?y' },
  { path: '/closed' },
  { path: '/closed', headers: { authorization: `Basic ${Buffer.from('anna:x').toString('base64')}` } },
  { path: '/closed', headers: { authorization: `Basic ${Buffer.from('anna:y').toString('base64')}` } },
];
const others: readonly RequestOptions[] = [
  { host: 'edits.test', headers: { 'x-set': 'old', 'x-add': 'first', 'x-gone': 'here' } },
  { host: 'edits.test', path: '/x' },
  { host: 'cipher.test' },
  { host: 'secure.test', path: '/x?y' },
  { host: 'secure.test', headers: { 'x-forwarded-proto': 'https' } },
  { host: 'moved.test' },
  { host: 'empty.test' },
];

/** Over TLS; the handshake names the host unless `servername` does. */
const overTls: readonly TlsRow[] = [
  ...hosts.slice(0, 6).flatMap((host) => paths.slice(0, 6).map((path) => ({ host, path }))),
  { host: 'shop.test', method: 'POST' },
  { host: 'shop.test', path: '/x', headers: { 'x-beta': 'yes' } },
  { host: 'shop.test', path: '/go/https/x?y' },
  { host: 'shop.test', path: '/go/host' },
  { host: 'shop.test', path: '/go/port' },
  { host: 'secure.test', path: '/a?b=c' },
  { host: 'secure.test', headers: { 'x-forwarded-proto': 'http' } },
  { host: 'moved.test', path: '/x' },
  { host: 'edits.test', headers: { 'x-gone': 'here' } },
  { host: 'closed.test' },
  { host: 'shop.test', servername: 'secure.test', path: '/api' },
  // Over a connection for another name.
  { host: 'cipher.test', servername: 'shop.test' },
  { host: 'cipher.test' },
  { host: 'a.wild.cipher.test' },
];

/** What clients name in a handshake; undefined names nothing. */
const handshakes = ['shop.test', 'SHOP.test', 'a.shop.test', 'b.a.shop.test', 'secure.test', 'nobody.test', undefined];

interface TlsRow extends RequestOptions {
  readonly host: string;
  readonly servername?: string;
}

/** Every request that both proxies get. */
const table: readonly RequestOptions[] = [
  ...hosts.flatMap((host) => paths.map((path) => ({ host, path }))),
  ...onShop.map((options) => ({ host: 'shop.test', ...options })),
  ...others,
];

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
