import { execFile, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Endpoint, type Service, silentLogger } from '@signalbox/core';
import { freePort, waitFor } from '@signalbox/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { template } from '../src/index.ts';

const execute = promisify(execFile);
const templates = fileURLToPath(new URL('../../../examples/templates/', import.meta.url));

function endpointAt(port: number, more: Partial<Endpoint> = {}): Endpoint {
  return { id: `127.0.0.1:${port}`, address: '127.0.0.1', port, health: 'unknown', ...more };
}

function shopWith(endpoints: readonly Endpoint[]): Service {
  const routes = [{ hostnames: ['shop.example', 'www.shop.example'] }];
  return { id: 'mesos:/shop/web#0', name: '/shop/web', protocol: 'tcp', labels: { env: 'prod' }, routes, endpoints };
}

const hostile: Service = {
  ...shopWith([endpointAt(9)]),
  id: 'mesos:/evil#0',
  name: '/evil" }\n] evil {',
  routes: [{ hostnames: ['evil.example" { evil'] }],
};

const empty: Service = {
  ...shopWith([]),
  id: 'mesos:/none#0',
  name: '/none',
  routes: [{ hostnames: ['none.example'] }],
};

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-recipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes the file of a recipe, with its check, and gives its path. */
async function make(recipe: string, name: string, services: readonly Service[], check?: readonly string[]) {
  const path = join(createFolder(), name);
  const sink = template({ files: [{ path, template: join(templates, recipe), ...(check && { check }) }] });
  onTestFinished(async () => sink[Symbol.asyncDispose]?.());
  const catalog = { version: 1, services: new Map(services.map((service) => [service.id, service])) };
  const plan = await sink.plan(catalog, { id: 'recipe', signal: new AbortController().signal, logger: silentLogger });
  await plan.apply();
  return { path, text: readFileSync(path, 'utf8'), leftOut: plan.warnings.map(({ service }) => service) };
}

/** Runs a program until the end of the test. */
function start(program: string, ...words: string[]): void {
  const child = spawn(program, words, { stdio: 'ignore', env: { ...process.env, HOME: createFolder() } });
  onTestFinished(
    () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        if (!child.kill('SIGTERM')) resolve();
      }),
  );
}

test('Prometheus reads the targets, and hostile names are only text', async () => {
  const { path, text, leftOut } = await make('prometheus-targets.liquid', 'targets.json', [
    shopWith([endpointAt(8001), endpointAt(8002)]),
    hostile,
    empty,
  ]);
  expect(leftOut).toEqual([]);
  expect(JSON.parse(text)).toEqual([
    { targets: ['127.0.0.1:9'], labels: { job: hostile.name, service: hostile.id } },
    { targets: [], labels: { job: '/none', service: empty.id } },
    { targets: ['127.0.0.1:8001', '127.0.0.1:8002'], labels: { job: '/shop/web', service: 'mesos:/shop/web#0' } },
  ]);
  const config = join(createFolder(), 'prometheus.yml');
  writeFileSync(config, `scrape_configs: [{ job_name: all, file_sd_configs: [{ files: ['${path}'] }] }]\n`);
  const { stdout } = await execute('promtool', ['check', 'config', config]);
  expect(stdout).toContain('is valid prometheus config');
});

test('Caddy serves what the file says', async () => {
  const origin = createServer((_request, response) => response.end('from the origin')).listen(0, '127.0.0.1');
  onTestFinished(() => void origin.close());
  await waitFor(() => origin.listening);
  const { port } = origin.address() as AddressInfo;
  const check = ['caddy', 'validate', '--adapter', 'caddyfile', '--config', '{candidate}'];
  const services = [shopWith([endpointAt(port)]), hostile, empty];
  const { path, text: made, leftOut } = await make('caddyfile.liquid', 'Caddyfile', services, check);
  expect(leftOut).toEqual([hostile.id]);
  const listening = await freePort();
  writeFileSync(path, made.replace('http_port 80', `http_port ${listening}`));
  start('caddy', 'run', '--adapter', 'caddyfile', '--config', path);
  const ask = (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: listening, headers: { host } }, (response) =>
        text(response).then(resolve, reject),
      ).on('error', reject);
    });
  await waitFor(async () => (await ask('shop.example').catch(() => '')) === 'from the origin', { timeoutMs: 30_000 });
  expect(await ask('none.example')).not.toBe('from the origin');
});

test('Varnish compiles the backends and directors', async () => {
  const services = [shopWith([endpointAt(8001), endpointAt(8002)]), hostile, empty];
  const { path, leftOut } = await make('varnish.liquid', 'signalbox.vcl', services);
  expect(leftOut).toEqual([hostile.id]);
  const { stderr } = await execute('varnishd', ['-j', 'none', '-C', '-n', createFolder(), '-f', path]);
  expect(stderr.match(/VRT_new_backend_clustered/g)?.length).toBeGreaterThanOrEqual(2);
});

test('dnsmasq answers with the addresses and ports', async () => {
  const check = ['dnsmasq', '--test', '-C', '{candidate}'];
  const second = { ...endpointAt(8002), id: 'b', address: '127.0.0.2' };
  const services = [shopWith([endpointAt(8001), second]), hostile, empty];
  const { path, leftOut } = await make('dnsmasq.liquid', 'signalbox.conf', services, check);
  expect(leftOut).toEqual([]);
  const port = await freePort();
  start(
    'dnsmasq',
    '-k',
    '-C',
    path,
    '-p',
    `${port}`,
    '-a',
    '127.0.0.1',
    '--bind-interfaces',
    '-R',
    '-h',
    '-u',
    'root',
    '-x',
    '',
  );
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const resolve = async () => resolver.resolve4('shop-web.service.local').catch(() => []);
  await waitFor(async () => (await resolve()).length > 0, { timeoutMs: 20_000 });
  expect((await resolve()).sort()).toEqual(['127.0.0.1', '127.0.0.2']);
  const ports = (await resolver.resolveSrv('_shop-web._tcp.service.local')).map(({ port: found }) => found);
  expect(ports.sort()).toEqual([8001, 8002]);
});

test('a JSON file holds all that is known', async () => {
  const { text } = await make('services.json.liquid', 'services.json', [shopWith([endpointAt(8001)]), hostile]);
  expect(JSON.parse(text)).toMatchObject([{ id: hostile.id, name: hostile.name }, { endpoints: [{ port: 8001 }] }]);
});
