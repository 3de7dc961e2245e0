import { silentLogger as logger } from '@signalbox/core';
import { runSource } from '@signalbox/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type DnsOptions, dns } from '../src/index.ts';
import { findServers } from '../src/servers.ts';
import { type Entry, srv, startZoneServer, type ZoneServer } from './zone-server.ts';

const shop = '_http._tcp.shop.example';
const cart = '_http._tcp.cart.example';
const names = [{ name: shop }, { name: cart }];
const times = { minPollIntervalMs: 20, maxPollIntervalMs: 100, requestTimeoutMs: 300 } as const;

async function open(...ports: number[]): Promise<ZoneServer> {
  const server = await startZoneServer();
  onTestFinished(() => server.close());
  for (const name of [shop, cart]) {
    server.set(
      `SRV ${name}`,
      ports.map((port) => srv(name, name === shop ? '10.0.0.1' : '10.0.0.2', port)),
    );
  }
  return server;
}

function run(options: Partial<DnsOptions>) {
  const source = dns({ names, ...times, ...options });
  const watched = runSource(source, 'dns');
  onTestFinished(() => watched.stop());
  return { watched, source };
}

const unsure: readonly [string, Entry, string][] = [
  ['NXDOMAIN', 'noSuchName', 'there is no such name'],
  ['no records', [], 'the name has no such records'],
  ['SERVFAIL', 'serverFailure', 'SERVFAIL'],
  ['silence', 'silence', 'no answer in time'],
  ['garbage', 'garbage', 'no DNS answer'],
];

test.each(unsure)(
  '%s for one name of two keeps what was known, with a warning; a change of the other is seen',
  async (_, entry, says) => {
    const server = await open(80);
    const { watched } = run({ servers: [server.address] });
    await watched.until((places) => places.join(' ') === '10.0.0.1:80 10.0.0.2:80');
    server.set(`SRV ${shop}`, entry);
    server.set(`SRV ${cart}`, [srv(cart, '10.0.0.2', 81)]);
    await watched.until((places) => places.join(' ') === '10.0.0.1:80 10.0.0.2:81' && watched.warnings.length === 1);
    expect(watched.warnings[0]).toMatch(new RegExp(`SRV ${shop}: .*${says}.*; its endpoints stay as they were$`));
    server.set(`SRV ${shop}`, [srv(shop, '10.0.0.1', 82)]);
    await watched.until((places) => places.join(' ') === '10.0.0.1:82 10.0.0.2:81' && watched.warnings.length === 0);
  },
);

test.each(unsure)('%s for all names throws, at the start and later', async (_, entry, says) => {
  const server = await open(80);
  server.setAll(entry);
  const first = run({ servers: [server.address] });
  expect(String(await first.watched.throws())).toContain(says);
  expect(first.watched.sets).toEqual([]);
  server.setAll();
  const second = run({ servers: [server.address] });
  await second.watched.until((places) => places.length === 2);
  server.setAll(entry);
  expect(String(await second.watched.throws())).toContain(says);
  expect(second.watched.sets.every((services) => services.every(({ endpoints }) => endpoints.length === 1))).toBe(true);
});

test('while one name was never read nothing is said, and its error names it', async () => {
  const server = await open(80);
  server.set(`SRV ${shop}`, 'noSuchName');
  const { watched } = run({ servers: [server.address] });
  expect(String(await watched.throws())).toContain(`SRV ${shop}: there is no such name`);
  expect(watched.sets).toEqual([]);
});

test('what was known is known to the next watch of the same source', async () => {
  const server = await open(80);
  const { watched, source } = run({ servers: [server.address] });
  await watched.until((places) => places.length === 2);
  server.setAll('serverFailure');
  await watched.throws();
  server.setAll();
  server.set(`SRV ${shop}`, 'serverFailure');
  const again = runSource(source, 'dns');
  onTestFinished(() => again.stop());
  await again.until((places) => places.length === 2);
  expect(again.warnings).toHaveLength(1);
});

test('no records are none where the option says so, and no such name is not', async () => {
  const server = await open(80);
  const { watched } = run({ servers: [server.address], names: names.map((name) => ({ ...name, allowEmpty: true })) });
  await watched.until((places) => places.length === 2);
  server.set(`SRV ${shop}`, []);
  await watched.until((places) => places.join() === '10.0.0.2:80');
  expect(watched.sets.at(-1)?.map(({ id }) => id)).toEqual(['dns:cart.example#http', 'dns:shop.example#http']);
  server.set(`SRV ${cart}`, 'noSuchName');
  await watched.until(() => watched.warnings.length === 1);
  expect(watched.places()).toEqual(['10.0.0.2:80']);
});

test('the target "." says that there is none, whatever the option', async () => {
  const server = await open(80);
  const { watched } = run({ servers: [server.address] });
  await watched.until((places) => places.length === 2);
  server.set(`SRV ${shop}`, [srv(shop, '.', 0)]);
  await watched.until((places) => places.join() === '10.0.0.2:80');
  expect(watched.warnings).toEqual([]);
});

test.each(unsure)('%s of one server gives way to the next', async (_, entry) => {
  const bad = await open();
  bad.setAll(entry);
  const { watched } = run({ servers: [bad.address, (await open(80)).address] });
  await watched.until((places) => places.length === 2);
});

test('a probe asks for every name', async () => {
  const server = await open(80);
  const { watched, source } = run({ servers: [server.address] });
  await watched.stop();
  const { signal } = new AbortController();
  await source.probe?.({ id: 'dns', signal, logger });
  server.set(`SRV ${cart}`, 'noSuchName');
  await expect(source.probe?.({ id: 'dns', signal, logger })).rejects.toThrow(`SRV ${cart}: there is no such name`);
});

test('without configured servers those of the system are asked', () => {
  expect(findServers({ servers: undefined }).every(({ host, port }) => host !== '' && port > 0)).toBe(true);
  expect(findServers({ servers: ['10.0.0.2', '[fd00::1]:5353'] })).toEqual([
    { host: '10.0.0.2', port: 53 },
    { host: 'fd00::1', port: 5353 },
  ]);
});
