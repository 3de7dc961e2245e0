import { describe, expect, test } from 'vitest';
import { mesosDns } from '../src/index.ts';
import { run, startSimulator } from './scene.ts';

const names = ['_web._tcp.marathon.mesos'];

describe('by DNS', () => {
  test.each([true, false])(
    '62 instances are seen, also when answers are cut off (said so: %s)',
    async (setsTruncateBit) => {
      const simulator = await startSimulator({ setsTruncateBit });
      for (let port = 0; port < 62; port += 1) simulator.launch({ name: 'web', hostPorts: [31_000 + port] });
      simulator.refresh();
      const source = run(mesosDns({ servers: [simulator.dnsServer], names }));
      await source.until((places) => places.length === 62);
    },
  );

  test('bridged and other containers get the address that can be reached', async () => {
    const simulator = await startSimulator();
    simulator.launch({
      name: 'web',
      agent: 1,
      hostPorts: [31_300],
      ports: [{ number: 31_300, name: 'http', protocol: 'tcp' }],
      addresses: ['172.17.0.2'],
    });
    simulator.launch({
      name: 'ipc',
      ports: [{ number: 80, name: 'http', protocol: 'tcp' }],
      addresses: ['192.168.84.193', '192.168.84.192'],
    });
    simulator.refresh();
    const wanted = ['_http._web._tcp.marathon.mesos', '_http._ipc._tcp.marathon.mesos'];
    const source = run(mesosDns({ servers: [simulator.dnsServer], names: wanted }));
    await source.until((places) => places.join() === '10.0.1.11:31300,192.168.84.192:80');
    expect(source.sets[0]?.map(({ id }) => id)).toEqual(['mesos:ipc.marathon#http', 'mesos:web.marathon#http']);
  });

  test('addresses are kept for their TTL, and a TTL that is shorter than the interval is a shorter interval', async () => {
    const simulator = await startSimulator({ ttlSeconds: 1 });
    simulator.launch({ name: 'web', hostPorts: [31_000] });
    simulator.refresh();
    const source = run(mesosDns({ servers: [simulator.dnsServer], names, pollIntervalMs: 3_600_000 }));
    await source.until((places) => places.length === 1);
    simulator.launch({ name: 'web', hostPorts: [31_001] });
    await source.until((places) => places.length === 2);
  });

  test('addresses of instances are not asked for at every poll', async () => {
    const simulator = await startSimulator();
    simulator.launch({ name: 'web', hostPorts: [31_000] });
    simulator.refresh();
    const source = run(mesosDns({ servers: [simulator.dnsServer], names, pollIntervalMs: 10 }));
    await source.until((places) => places.length === 1);
    await expect
      .poll(() => simulator.requests.dns.filter((line) => line.startsWith('tcp SRV')).length, { timeout: 20_000 })
      .toBeGreaterThan(20);
    const asked = simulator.requests.dns.filter((line) => line.startsWith('udp A '));
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test('the next server is asked when one does not answer', async () => {
    const [first, second] = [await startSimulator(), await startSimulator()];
    for (const simulator of [first, second]) {
      simulator.launch({ name: 'web', hostPorts: [31_000] });
      simulator.refresh();
    }
    await first.setFault({ kind: 'hang' });
    const servers = [first.dnsServer, second.dnsServer];
    const source = run(mesosDns({ servers, names, requestTimeoutMs: 100, pollIntervalMs: 10 }));
    await source.until((places) => places.length === 1);
    await second.setFault({ kind: 'refuse' });
    await first.clearFaults();
    first.launch({ name: 'web', hostPorts: [31_001] });
    await source.until((places) => places.length === 2);
  });

  test('frozen and not loaded are errors', async () => {
    const simulator = await startSimulator();
    simulator.launch({ name: 'web', hostPorts: [31_000] });
    simulator.refresh();
    const source = run(mesosDns({ servers: [simulator.dnsServer], names, pollIntervalMs: 20, staleAfterMs: 2_000 }));
    await source.until((places) => places.length === 1);
    await simulator.setFault({ kind: 'freeze' });
    expect(await source.throws()).toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await simulator.setFault({ kind: 'not-loaded' });
    const other = run(mesosDns({ servers: [simulator.dnsServer], names }));
    expect(await other.throws()).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
    expect(other.sets).toEqual([]);
  });
});
