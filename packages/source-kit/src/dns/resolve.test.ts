import { cutOffReply, framed, reply, startFakeDns } from '@signalbox/testkit/dns';
import type { Answer } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { resolveAddresses, resolveSrv } from './resolve.ts';

const { signal } = new AbortController();

const srv = (target: string, port: number, ttl = 60): Answer => ({
  type: 'SRV',
  name: '_web._tcp.marathon.mesos',
  ttl,
  data: { target, port, priority: 0, weight: 1 },
});

describe('resolveSrv', () => {
  test('gives records sorted, with the shortest TTL', async () => {
    await using fake = await startFakeDns((query) => [
      reply(query, [srv('b.x', 2, 30), srv('A.x.', 2), srv('a.x', 1)]),
    ]);
    expect(await resolveSrv('_Web._tcp.marathon.mesos.', { servers: [fake.server], signal })).toEqual({
      ttlSeconds: 30,
      isKnownName: true,
      saysNone: false,
      records: [
        { target: 'a.x', port: 1, priority: 0, weight: 1 },
        { target: 'a.x', port: 2, priority: 0, weight: 1 },
        { target: 'b.x', port: 2, priority: 0, weight: 1 },
      ],
    });
  });

  test('asks over TCP when the answer is cut off', async () => {
    await using fake = await startFakeDns((query, transport) =>
      transport === 'udp' ? [cutOffReply(query)] : [framed(reply(query, [srv('a.x', 1)]))],
    );
    const { records } = await resolveSrv('_web._tcp.marathon.mesos', { servers: [fake.server], signal });
    expect(records).toHaveLength(1);
    expect(fake.questions).toEqual(['udp SRV _web._tcp.marathon.mesos', 'tcp SRV _web._tcp.marathon.mesos']);
  });

  test('a TCP answer may come byte by byte', async () => {
    await using fake = await startFakeDns((query) =>
      [...framed(reply(query, [srv('a.x', 1)]))].map((byte) => Buffer.of(byte)),
    );
    const options = { servers: [fake.server], signal, transport: 'tcp' } as const;
    expect((await resolveSrv('_web._tcp.marathon.mesos', options)).records).toHaveLength(1);
  });

  test('"." and port 0 are no targets, and neither are records of other names', async () => {
    const foreign: Answer = { ...srv('evil.x', 1), name: '_other._tcp.marathon.mesos' } as Answer;
    await using fake = await startFakeDns((query) => [reply(query, [srv('.', 80), srv('a.x', 0), foreign])]);
    const { records, saysNone } = await resolveSrv('_web._tcp.marathon.mesos', { servers: [fake.server], signal });
    expect(records).toEqual([]);
    expect(saysNone).toBe(true);
  });

  test('no such name is an answer', async () => {
    await using fake = await startFakeDns((query) => [reply(query, [], { flags: 3 })]);
    const answer = await resolveSrv('_web._tcp.marathon.mesos', { servers: [fake.server], signal });
    expect(answer).toEqual({ records: [], ttlSeconds: undefined, isKnownName: false, saysNone: false });
  });
});

describe('resolveAddresses', () => {
  test('gives IPv4 before IPv6, each sorted and once', async () => {
    await using fake = await startFakeDns((query) => {
      const data = query.questions?.[0]?.type === 'A' ? ['10.0.0.2', '10.0.0.1', '10.0.0.2'] : ['fd01::5'];
      const type = query.questions?.[0]?.type as 'A';
      return [
        reply(
          query,
          data.map((address) => ({ type, name: 'web.mesos', ttl: 5, data: address })),
        ),
      ];
    });
    expect(await resolveAddresses('web.mesos', { servers: [fake.server], signal })).toEqual({
      addresses: ['10.0.0.1', '10.0.0.2', 'fd01::5'],
      ttlSeconds: 5,
      isKnownName: true,
    });
  });

  test('follows aliases in any order, and ends on a circle of them', async () => {
    await using fake = await startFakeDns((query) => [
      reply(query, [
        { type: 'CNAME', name: 'c.x', ttl: 9, data: 'a.x' },
        { type: 'CNAME', name: 'b.x', ttl: 9, data: 'c.x' },
        { type: 'CNAME', name: 'a.x', ttl: 9, data: 'b.x' },
        { type: 'A', name: 'c.x', ttl: 9, data: '10.0.0.9' },
      ]),
    ]);
    const { addresses } = await resolveAddresses('a.x', { servers: [fake.server], signal });
    expect(addresses).toEqual(['10.0.0.9']);
  });
});

test('asks for one kind of address alone, and knows a name that has none of it', async () => {
  await using fake = await startFakeDns((query) => [reply(query, [])]);
  const answer = await resolveAddresses('web.mesos', { servers: [fake.server], signal }, ['A']);
  expect(answer).toEqual({ addresses: [], ttlSeconds: undefined, isKnownName: true });
  expect(fake.questions).toEqual(['udp A web.mesos']);
});
