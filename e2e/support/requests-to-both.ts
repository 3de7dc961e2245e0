import type { Route } from '@signalbox/core';
import type { RequestOptions } from '@signalbox/testkit';

const password = '$5$abc$sCOGUciM.GdmYMCUvmUcgu03oRH87O0clF96.9mwWGB';

/** By the name of the service that has it. */
export const routes: Readonly<Record<string, Route>> = {
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
export const overTls: readonly TlsRow[] = [
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
export const handshakes = [
  'shop.test',
  'SHOP.test',
  'a.shop.test',
  'b.a.shop.test',
  'secure.test',
  'nobody.test',
  undefined,
];

interface TlsRow extends RequestOptions {
  readonly host: string;
  readonly servername?: string;
}

/** Every request that both proxies get. */
export const table: readonly RequestOptions[] = [
  ...hosts.flatMap((host) => paths.map((path) => ({ host, path }))),
  ...onShop.map((options) => ({ host: 'shop.test', ...options })),
  ...others,
];
