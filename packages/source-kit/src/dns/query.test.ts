import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { SourceError } from '@signalbox/core';
import { cutOffReply, framed, reply, startFakeDns } from '@signalbox/testkit/dns';
import { describe, expect, test } from 'vitest';
import { queryDns } from './query.ts';

const { signal } = new AbortController();
const name = 'web.mesos';
const a = { type: 'A', name, ttl: 60, data: '10.0.0.1' } as const;

async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  return await promise.then(
    () => Promise.reject(new Error('it was answered')),
    (error: SourceError) => error,
  );
}

describe('failover', () => {
  test.each([
    ['is silent', () => []],
    ['answers SERVFAIL', (query: never) => [reply(query, [], { flags: 2 })]],
    ['answers REFUSED', (query: never) => [reply(query, [], { flags: 5 })]],
    ['sends garbage', () => [Buffer.from('no DNS at all, but long enough')]],
  ])('a server that %s gives way to the next', async (_, respond) => {
    await using first = await startFakeDns(respond as never);
    await using second = await startFakeDns((query) => [reply(query, [a])]);
    const answer = await queryDns(name, 'A', { servers: [first.server, second.server], signal, timeoutMs: 100 });
    expect(answer).toMatchObject({ server: second.server, answers: [{ data: '10.0.0.1' }] });
  });

  test('a lost datagram is sent again', async () => {
    let count = 0;
    await using fake = await startFakeDns((query) => (count++ === 0 ? [] : [reply(query, [a])]));
    const answer = await queryDns(name, 'A', { servers: [fake.server], signal, timeoutMs: 200 });
    expect(answer.answers).toHaveLength(1);
  });
});

describe('what is not an answer to the question', () => {
  test.each([
    ['another id', (query: { id?: number | undefined }) => ({ id: ((query.id ?? 0) + 1) % 0x1_0000 })],
    ['another name', () => ({ questions: [{ type: 'A', name: 'evil.mesos', class: 'IN' }] })],
    ['another type', () => ({ questions: [{ type: 'SRV', name, class: 'IN' }] })],
    ['no question', () => ({ questions: [] })],
    ['a query', () => ({ type: 'query' })],
  ] as const)('is waited past over UDP: %s', async (_, change) => {
    const forged = { ...a, data: '6.6.6.6' };
    await using fake = await startFakeDns((query) => [
      reply(query, [forged], change(query) as never),
      reply(query, [a]),
    ]);
    const { answers } = await queryDns(name, 'A', { servers: [fake.server], signal });
    expect(answers.map(({ data }) => data)).toEqual(['10.0.0.1']);
  });

  test('is an error over TCP', async () => {
    await using fake = await startFakeDns((query) => [framed(reply(query, [a], { id: (query.id ?? 0) ^ 1 }))]);
    const error = await failureOf(queryDns(name, 'A', { servers: [fake.server], signal, transport: 'tcp' }));
    expect(error.code).toBe('SOURCE_BAD_RESPONSE');
  });
});

describe('errors', () => {
  test('say whom was asked for what', async () => {
    await using fake = await startFakeDns(() => []);
    const error = await failureOf(queryDns(name, 'A', { servers: [fake.server], signal, timeoutMs: 50, attempts: 1 }));
    expect(error).toMatchObject({
      code: 'SOURCE_TIMEOUT',
      message: `asking dns://127.0.0.1:${fake.server.port} for A web.mesos: no answer in time`,
    });
  });

  test('nothing listens', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const server = { host: '127.0.0.1', port: socket.address().port };
    socket.close();
    for (const transport of ['auto', 'tcp'] as const) {
      const error = await failureOf(queryDns(name, 'A', { servers: [server], signal, transport }));
      expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', retryable: true });
    }
  });

  test('garbage and nothing else is no "no records"', async () => {
    await using fake = await startFakeDns(() => [Buffer.alloc(40, 0xff)]);
    const error = await failureOf(queryDns(name, 'A', { servers: [fake.server], signal, timeoutMs: 50 }));
    expect(error.code).toBe('SOURCE_BAD_RESPONSE');
  });

  test('cut off even over TCP', async () => {
    await using fake = await startFakeDns((query, transport) =>
      transport === 'udp' ? [cutOffReply(query)] : [framed(cutOffReply(query))],
    );
    expect(await failureOf(queryDns(name, 'A', { servers: [fake.server], signal }))).toMatchObject({
      message: expect.stringContaining('cut off even over TCP'),
    });
  });

  test('a name that fits into no question', async () => {
    const servers = [{ host: '127.0.0.1', port: 9 }];
    for (const long of ['x'.repeat(64), `a..b`, Array(130).fill('ab').join('.')]) {
      await expect(queryDns(long, 'A', { servers, signal })).rejects.toThrow(RangeError);
    }
  });
});

test.each(['auto', 'tcp'] as const)('an abort ends the wait with its reason (%s)', async (transport) => {
  await using fake = await startFakeDns(() => []);
  const controller = new AbortController();
  const asked = queryDns(name, 'A', {
    servers: [fake.server],
    signal: controller.signal,
    transport,
    timeoutMs: 60_000,
  });
  asked.catch(() => {});
  await expect.poll(() => fake.questions.length).toBeGreaterThan(0);
  const reason = new Error('no longer wanted');
  controller.abort(reason);
  await expect(asked).rejects.toBe(reason);
});
