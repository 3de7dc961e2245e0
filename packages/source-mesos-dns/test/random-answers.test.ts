import { runSource, waitFor } from '@signalbox/testkit';
import { createMesosDnsSimulator, type MesosDnsSimulator } from '@signalbox/testkit/mesos-dns';
import { expect, onTestFinished, test } from 'vitest';
import { type MesosDnsOptions, mesosDns } from '../src/index.ts';

const names = ['_http._web._tcp.marathon.mesos'];
const polls = 60;

/** Of a task with several addresses Mesos-DNS shows one beside the SRV record, another one each time, and shuffles the others. */
const ways: readonly [
  way: string,
  options: (simulator: MesosDnsSimulator) => MesosDnsOptions,
  enumeration: 'on' | 'off',
][] = [
  ['the whole table', ({ url }) => ({ urls: [url] }), 'on'],
  ['single names over HTTP', ({ url }) => ({ urls: [url], names }), 'off'],
  ['single names by DNS', ({ dnsServer }) => ({ servers: [dnsServer], names }), 'on'],
];

test.each(ways)('%s: one of several addresses at random is no change', async (_, options, enumeration) => {
  const simulator = await createMesosDnsSimulator({ enumeration, ttlSeconds: 1 });
  onTestFinished(() => simulator.close());
  for (const hostPort of [80, 81]) {
    const ports = [{ number: hostPort, name: 'http', protocol: 'tcp' }];
    simulator.launch({ name: 'web', ports, addresses: ['192.168.1.9', '192.168.1.10', '192.168.1.11'] });
  }
  simulator.refresh();
  const source = runSource(mesosDns({ ...options(simulator), pollIntervalMs: 5 }), 'mesos');
  onTestFinished(() => source.stop());
  await source.until((places) => places.length > 0);
  const { requests } = simulator;
  const asked = (): number => requests.http.length + requests.dns.length;
  const since = asked();
  await waitFor(() => asked() > since + polls, { timeoutMs: 60_000 });
  expect(source.sets).toHaveLength(1);
  expect(source.error).toBeUndefined();
});
