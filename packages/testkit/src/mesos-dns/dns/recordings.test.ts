import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMesosDnsSimulator } from '../simulator.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';
import { askDns } from '../testing/ask-dns.ts';
import { type DnsRecording, type RecordedRecord, readDnsRecordings, readState } from '../testing/recordings.ts';

/** Of dig itself: what it could not ask, its words for a reverse name, and questions about a larger cluster. */
const isComparable = ([name, { status, query }]: [string, DnsRecording]): boolean =>
  status !== null && !name.startsWith('many-') && !query.startsWith('-x');

let simulator: MesosDnsSimulator;
beforeAll(async () => {
  simulator = await createMesosDnsSimulator({ state: readState() });
});
afterAll(() => simulator.close());

describe('DNS answers as recorded', () => {
  const recordings = Object.entries(readDnsRecordings('default')).filter(isComparable);

  test('there are recordings', () => expect(recordings.length).toBeGreaterThan(40));

  test.each(recordings)('%s', async (name, { query, status, flags, sections }) => {
    const [question = '', type = ''] = query.replace(/^\+\S+ /, '').split(' ');
    const answer = await askDns(simulator.dnsServer, question, type, name.endsWith('-tcp') ? 'tcp' : 'udp');
    expect(answer?.rcode).toBe(status);
    expect(flagsOf(answer!)).toEqual(flags);
    for (const [section, records] of [
      ['answer', answer!.answers],
      ['authority', answer!.authorities],
      ['additional', answer!.additionals],
    ] as const) {
      expect(normalize((records ?? []).map(toText), name), section).toEqual(normalize(sections[section] ?? [], name));
    }
  });
});

describe('a service with 62 instances', () => {
  let large: MesosDnsSimulator;
  beforeAll(async () => {
    large = await createMesosDnsSimulator();
    for (let port = 0; port < 62; port += 1) large.launch({ name: 'web', hostPorts: [31_000 + port] });
    large.refresh();
  });
  afterAll(() => large.close());

  test('is cut off over UDP, which the answer says', async () => {
    const answer = await askDns(large.dnsServer, '_web._tcp.marathon.mesos', 'SRV');
    expect(answer).toMatchObject({ flag_tc: true, additionals: [] });
    expect(answer!.size).toBeLessThanOrEqual(512);
    // As many as the recorded answer has.
    expect(answer!.answers).toHaveLength(9);
  });

  test('is whole over TCP', async () => {
    const answer = await askDns(large.dnsServer, '_web._tcp.marathon.mesos', 'SRV', 'tcp');
    expect(answer).toMatchObject({ flag_tc: false });
    expect(answer!.answers).toHaveLength(62);
    expect(answer!.additionals).toHaveLength(62);
  });

  test('is cut off silently without SetTruncateBit', async () => {
    await using silent = await createMesosDnsSimulator({ setsTruncateBit: false });
    for (let port = 0; port < 62; port += 1) silent.launch({ name: 'web', hostPorts: [31_000 + port] });
    silent.refresh();
    const answer = await askDns(silent.dnsServer, '_web._tcp.marathon.mesos', 'SRV');
    expect(answer!.flag_tc).toBe(false);
    expect(answer!.answers!.length).toBeLessThan(62);
  });
});

test('a name whose targets do not fit into a DNS label gets no answer at all', async () => {
  await using simulator = await createMesosDnsSimulator();
  simulator.launch({ name: 'x'.repeat(58), hostPorts: [31_000] });
  simulator.refresh();
  expect(await askDns(simulator.dnsServer, `_${'x'.repeat(58)}._tcp.marathon.mesos`, 'SRV')).toBeUndefined();
});

function flagsOf(answer: NonNullable<Awaited<ReturnType<typeof askDns>>>): string[] {
  const flags = { qr: true, aa: answer.flag_aa, tc: answer.flag_tc, rd: answer.flag_rd, ra: answer.flag_ra };
  return Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
}

function toText(record: Answer): RecordedRecord {
  const { name, type, data, ttl } = record as unknown as RecordedRecord & { readonly data: Record<string, unknown> };
  const dotted = (text: unknown): string => `${text}.`;
  const text =
    type === 'SRV'
      ? `${data.priority} ${data.weight} ${data.port} ${dotted(data.target)}`
      : type === 'SOA'
        ? `${dotted(data.mname)} ${dotted(data.rname)} ${data.serial} ${data.refresh} ${data.retry} ${data.expire} ${data.minimum}`
        : type === 'NS'
          ? dotted(data)
          : String(data);
  return { name: dotted(name), ttl, type, data: text };
}

function normalize(records: readonly RecordedRecord[], recording: string): string[] {
  return records
    .map(({ name, ttl, type, data }) => `${name} ${ttl} ${type} ${data.replace(/ \d{10} /, ' serial ')}`)
    .map((line) => (recording === 'srv-slave' ? line.replace(/10\.0\.1\.\d+/, 'an agent') : line))
    .map((line) => (recording === 'srv-dual' ? line.replace(/9\.0\.2\.[56]/, 'one of them') : line))
    .sort();
}
