import { runSource, waitFor } from '@signalbox/testkit';
import { cutOffReply, framed, reply, startFakeDns } from '@signalbox/testkit/dns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DnsOptions, dns } from '../src/index.ts';
import { a, aaaa, srv, startZoneServer, type ZoneServer } from './zone-server.ts';

const shop = '_http._tcp.shop.example';
const times = { minPollIntervalMs: 20, maxPollIntervalMs: 100, requestTimeoutMs: 400 } as const;

async function open(...[entries]: Parameters<typeof startZoneServer>): Promise<ZoneServer> {
  const server = await startZoneServer(entries);
  onTestFinished(() => server.close());
  return server;
}

function run(options: Partial<DnsOptions> & Pick<DnsOptions, 'servers'>) {
  const watched = runSource(dns({ names: [{ name: shop }], ...times, ...options }), 'dns');
  onTestFinished(() => watched.stop());
  return watched;
}

async function asks(server: ZoneServer, more = 6): Promise<void> {
  const since = server.questions.length;
  await waitFor(() => server.questions.length >= since + more, { timeoutMs: 20_000 });
}

test('priority, weight and addresses of targets', async () => {
  const server = await open({
    [`SRV ${shop}`]: [
      srv(shop, 'One.example.', 8080, { priority: 1, weight: 0 }),
      srv(shop, 'two.example', 8081, { priority: 1, weight: 10 }),
      srv(shop, '10.0.0.9', 8082, { priority: 2 }),
    ],
    'A one.example': [a('one.example', '10.0.0.2'), a('one.example', '10.0.0.1')],
    'AAAA one.example': [aaaa('one.example', 'fd00::1')],
    'AAAA two.example': [aaaa('two.example', 'fd00::2')],
  });
  const watched = run({ servers: [server.address], names: [{ name: shop, port: 10_080 }] });
  await watched.until((places) => places.length === 4);
  const endpoint = { health: 'unknown' };
  expect(watched.sets[0]).toEqual([
    {
      id: 'dns:shop.example#http',
      name: 'shop.example',
      protocol: 'tcp',
      appProtocol: 'http',
      port: 10_080,
      labels: {},
      metadata: { dnsName: shop },
      endpoints: [
        {
          ...endpoint,
          id: '10.0.0.1:8080',
          address: '10.0.0.1',
          port: 8080,
          weight: 1,
          metadata: { target: 'one.example' },
        },
        {
          ...endpoint,
          id: '10.0.0.2:8080',
          address: '10.0.0.2',
          port: 8080,
          weight: 1,
          metadata: { target: 'one.example' },
        },
        {
          ...endpoint,
          id: '10.0.0.9:8082',
          address: '10.0.0.9',
          port: 8082,
          backup: true,
          metadata: { target: '10.0.0.9' },
        },
        {
          ...endpoint,
          id: '[fd00::2]:8081',
          address: 'fd00::2',
          port: 8081,
          weight: 256,
          metadata: { target: 'two.example' },
        },
      ],
    },
  ]);
});

test('A and AAAA records with a port, joined into one service', async () => {
  const server = await open({
    'A db.example': [a('db.example', '10.0.0.1'), a('db.example', '0.0.0.0')],
    'AAAA db.example': [aaaa('db.example', 'fd00::1'), aaaa('db.example', '::')],
  });
  const names = (['A', 'AAAA'] as const).map((type) => ({ name: 'db.example', type, endpointPort: 5432 }));
  const watched = run({ servers: [server.address], names });
  await watched.until((places) => places.join(' ') === '10.0.0.1:5432 fd00::1:5432');
  expect(watched.sets[0]?.map(({ id }) => id)).toEqual(['dns:db.example#0']);
});

test('records in another order are no change', async () => {
  const records = [1, 2, 3].map((port) => srv(shop, '10.0.0.1', port));
  const server = await open({ [`SRV ${shop}`]: records });
  const watched = run({ servers: [server.address] });
  await watched.until((places) => places.length === 3);
  server.set(`SRV ${shop}`, records.toReversed());
  await asks(server);
  expect(watched.sets).toHaveLength(1);
});

test('two records of one place are one endpoint, by the lower priority', async () => {
  const records = [srv(shop, '10.0.0.1', 80, { priority: 2 }), srv(shop, '10.0.0.1', 80, { priority: 1 })];
  const watched = run({ servers: [(await open({ [`SRV ${shop}`]: records })).address] });
  await watched.until((places) => places.length === 1);
  expect(watched.sets[0]?.[0]?.endpoints[0]?.backup).toBeUndefined();
});

test('an answer that is cut off is asked for over TCP', async () => {
  await using fake = await startFakeDns((query, transport) =>
    transport === 'udp' ? [cutOffReply(query)] : [framed(reply(query, [srv(shop, '10.0.0.1', 80)]))],
  );
  const watched = run({ servers: [`127.0.0.1:${fake.server.port}`] });
  await watched.until((places) => places.length === 1);
  await watched.stop();
});

test('TCP alone, for servers that do not say that an answer is cut off', async () => {
  const server = await open({ [`SRV ${shop}`]: [srv(shop, '10.0.0.1', 80)] });
  await run({ servers: [server.address], transport: 'tcp' }).until((places) => places.length === 1);
  expect(server.questions.every((question) => question.startsWith('tcp '))).toBe(true);
});

test('the address of a target is not asked for again before it expires, and its TTL counts', async () => {
  const server = await open({
    [`SRV ${shop}`]: [80, 81].map((port) => srv(shop, 'one.example', port)),
    'A one.example': [a('one.example', '10.0.0.1', 3_600)],
  });
  const watched = run({ servers: [server.address] });
  await watched.until((places) => places.length === 2);
  await asks(server);
  expect(server.questions.filter((question) => question.includes(' one.example'))).toEqual(['udp A one.example']);
});

test('records are kept for their TTL', async () => {
  const server = await open({ [`SRV ${shop}`]: [srv(shop, '10.0.0.1', 80, { ttl: 3_600 })] });
  const quick = await open({ [`SRV ${shop}`]: [srv(shop, '10.0.0.1', 80)] });
  await run({ servers: [server.address], maxPollIntervalMs: 3_600_000 }).until((places) => places.length === 1);
  run({ servers: [quick.address], maxPollIntervalMs: 3_600_000 });
  await asks(quick);
  expect(server.questions).toHaveLength(1);
});

describe('a target', () => {
  test('that has no address is left out, with a warning', async () => {
    const server = await open({ [`SRV ${shop}`]: [srv(shop, '10.0.0.1', 80), srv(shop, 'gone.example', 80)] });
    const watched = run({ servers: [server.address] });
    await watched.until((places) => places.join() === '10.0.0.1:80');
    expect(watched.warnings).toEqual([`${shop}: its target gone.example has no address, and is left out`]);
  });

  test('with a hostile name is not asked for', async () => {
    const target = 'a\nserver evil.example';
    const server = await open({ [`SRV ${shop}`]: [srv(shop, '10.0.0.1', 80), srv(shop, target, 80)] });
    const watched = run({ servers: [server.address] });
    await watched.until((places) => places.join() === '10.0.0.1:80');
    expect(watched.warnings.join()).not.toContain('\n');
    expect(server.questions.filter((question) => question.includes('evil'))).toEqual([]);
  });

  test('must have an address if there is no other', async () => {
    const server = await open({ [`SRV ${shop}`]: [srv(shop, 'gone.example', 80)] });
    const error = await run({ servers: [server.address] }).throws();
    expect(error).toMatchObject({ code: 'SOURCE_BAD_RESPONSE', message: expect.stringMatching(/none of its targets/) });
  });
});
