import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEventParser, type MarathonEvent } from './parse-events.ts';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

function parse(chunks: Iterable<Uint8Array>): MarathonEvent[] {
  const events: MarathonEvent[] = [];
  const parser = createEventParser((event) => events.push(event));
  for (const chunk of chunks) parser.feed(chunk);
  return events;
}

const samples = ['events-0.9.sse', 'events-1.1.sse', 'events-1.10.sse'];

describe.each(samples)('%s', (name) => {
  const bytes = fixture(name);
  const wanted = bytes
    .toString('utf8')
    .split('\r\n\r\n')
    .slice(0, -1)
    .flatMap((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? [])
    .map((data) => JSON.parse(data) as Record<string, unknown>);

  it('gives every whole event with its type, and not the one that was cut off', () => {
    const events = parse([bytes]);
    expect(events.length).toBeGreaterThan(2);
    expect(events.map(({ data }) => data)).toEqual(wanted);
    expect(events.map(({ type }) => type)).toEqual(wanted.map(({ eventType }) => eventType));
  });

  it('gives the same for every size of packet', () => {
    const whole = parse([bytes]);
    for (const size of [1, 2, 3, 7, 64]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(parse(chunks)).toEqual(whole);
    }
  });
});

describe('borders of packets', () => {
  it('may lie inside line ends and characters', () => {
    const sample = JSON.parse(fixture('events-1.10-chunks.json').toString('utf8')) as {
      chunks: string[];
      events: { event: string; data: unknown }[];
    };
    const events = parse(sample.chunks.map((chunk) => Buffer.from(chunk, 'base64')));
    expect(events.map(({ type, data }) => ({ event: type, data }))).toEqual(sample.events);
  });
});

it('skips what is not JSON', () => {
  expect(parse([Buffer.from('event: x\r\ndata: {\r\n\r\ndata: {"eventType":"y"}\r\n\r\n')])).toEqual([
    { type: 'y', timestamp: '', data: { eventType: 'y' } },
  ]);
});
