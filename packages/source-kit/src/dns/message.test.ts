import { encode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDnsServer } from './dns-server.ts';
import { createQuestion, readMessage } from './message.ts';

const question = createQuestion('web.mesos', 'SRV');

/** A whole answer to the question, to be broken. */
const answer = encode({
  type: 'response',
  id: question.id,
  questions: [{ type: 'SRV', name: 'web.mesos', class: 'IN' }],
  answers: Array.from({ length: 5 }, (_, index) => ({
    type: 'SRV' as const,
    name: 'web.mesos',
    ttl: 60,
    data: { target: `web-${index}.mesos`, port: 31_000 + index, priority: 0, weight: 1 },
  })),
});

describe('hostile packets', () => {
  test('random bytes are no answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(readMessage(Buffer.from(bytes), question).kind).not.toBe('answer');
      }),
      { numRuns: 2_000 },
    );
  });

  test('an answer with some bytes changed, or cut off, never throws and gives only well-formed records', () => {
    const change = fc.record({ at: fc.nat({ max: answer.length - 1 }), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat({ max: answer.length }), (changes, length) => {
        const packet = Buffer.from(answer);
        for (const { at, to } of changes) packet[at] = to;
        const reading = readMessage(packet.subarray(0, length), question);
        if (reading.kind !== 'answer') return;
        for (const { name, type, ttlSeconds } of reading.answer.answers) {
          expect([typeof name, typeof type, typeof ttlSeconds]).toEqual(['string', 'string', 'number']);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['to itself', 12],
    ['forwards', 30],
    ['beyond the end', 0x3fff],
  ])('a name that points %s is garbage', (_, offset) => {
    const packet = Buffer.alloc(40);
    answer.copy(packet, 0, 0, 12);
    packet.writeUInt16BE(0xc000 + offset, 12);
    expect(readMessage(packet, question).kind).toBe('garbage');
  });

  test('two names that point to each other are garbage', () => {
    const packet = Buffer.alloc(40);
    answer.copy(packet, 0, 0, 12);
    packet.writeUInt16BE(0xc000 + 14, 12);
    packet.writeUInt16BE(0xc000 + 12, 14);
    expect(readMessage(packet, question).kind).toBe('garbage');
  });

  test('a count of records that are not there is garbage', () => {
    const packet = Buffer.from(answer);
    packet.writeUInt16BE(0xffff, 6);
    expect(readMessage(packet, question).kind).toBe('garbage');
  });

  test('the largest message is read in a moment', () => {
    const data = { target: 'a.x', port: 1, priority: 0, weight: 1 };
    const answers = Array.from({ length: 1_900 }, () => ({ type: 'SRV' as const, name: 'web.mesos', ttl: 1, data }));
    const large = encode({
      type: 'response',
      id: question.id,
      questions: [{ type: 'SRV', name: 'web.mesos' }],
      answers,
    });
    expect(large.length).toBeGreaterThan(50_000);
    expect(readMessage(large, question)).toMatchObject({ kind: 'answer' });
  });
});

describe('addresses of servers', () => {
  test.each([
    ['10.0.0.2', '10.0.0.2', 53],
    ['10.0.0.2:8053', '10.0.0.2', 8053],
    ['ns1.example.com:53', 'ns1.example.com', 53],
    ['::1', '::1', 53],
    ['[fd01::2]:8053', 'fd01::2', 8053],
    ['[fd01::2]', 'fd01::2', 53],
  ])('%s', (text, host, port) => expect(parseDnsServer(text)).toEqual({ host, port }));

  test.each(['', ':53', 'a:0', 'a:65536', 'http://a', '[a]:53', 'a b', 'user@a', 'a:b'])('"%s" is none', (text) => {
    expect(parseDnsServer(text)).toBeUndefined();
  });
});
