import { waitFor } from '@signalbox/testkit';
import type { MesosDnsSimulator, MesosDnsSimulatorOptions } from '@signalbox/testkit/mesos-dns';
import { describe, expect, test } from 'vitest';
import { type MesosDnsOptions, mesosDns } from '../src/index.ts';
import { run, startSimulator } from './scene.ts';

async function start(options: MesosDnsSimulatorOptions = {}): Promise<MesosDnsSimulator> {
  const simulator = await startSimulator(options);
  for (const agent of [0, 1, 2]) simulator.launch({ name: 'web', agent, hostPorts: [31_000] });
  simulator.refresh();
  return simulator;
}

const quick: Omit<MesosDnsOptions, 'urls'> = { pollIntervalMs: 10, requestTimeoutMs: 1_000 };
const all = ['10.0.1.10:31000', '10.0.1.11:31000', '10.0.1.12:31000'];
const isAll = (places: string[]): boolean => places.join() === all.join();

test('200 polls of answers in random order change nothing', async () => {
  const simulator = await start({ refreshMs: 5 });
  const source = run(mesosDns({ urls: [simulator.url], ...quick }));
  await source.until(isAll);
  const polls = (): number => simulator.requests.http.filter((path) => path === '/v1/axfr').length;
  const from = polls();
  await waitFor(() => polls() >= from + 200, { timeoutMs: 60_000 });
  expect(source.sets).toHaveLength(1);
  // The ids of tasks are not read again as long as there are no new ones.
  expect(simulator.requests.http.filter((path) => path === '/v1/enumerate')).toHaveLength(1);
});

test('a change comes with the next poll, and what did not change is the same object', async () => {
  const simulator = await start();
  simulator.launch({ name: 'other', hostPorts: [32_000] });
  simulator.refresh();
  const source = run(mesosDns({ urls: [simulator.url], ...quick }));
  await source.until((places) => places.length === 4);
  const id = simulator.launch({ name: 'web', agent: 0, hostPorts: [31_005] });
  await source.until((places) => places.includes('10.0.1.10:31005'));
  expect(source.sets.at(-1)?.[1]?.endpoints.map(({ metadata }) => metadata?.taskId)).toContain(id);
  expect(source.sets.at(-1)?.[0]).toBe(source.sets[0]?.[0]);
  simulator.end(id);
  await source.until((places) => places.length === 4);
});

describe('a Mesos-DNS that cannot be believed removes nothing', () => {
  test('started anew and not having read a master yet: an error, not an empty set', async () => {
    const simulator = await start();
    const source = mesosDns({ urls: [simulator.url], ...quick });
    const first = run(source);
    await first.until(isAll);
    await simulator.setFault({ kind: 'not-loaded' });
    expect(await first.throws()).toMatchObject({ code: 'SOURCE_BAD_RESPONSE', retryable: true });
    expect(first.places()).toEqual(all);
    expect(await run(source).throws()).toMatchObject({ message: expect.stringContaining('leader.mesos') });
    await simulator.clearFaults();
    await run(source).until(isAll);
  });

  test.each(['on', 'off', 'no-axfr'] as const)('the same with enumeration "%s"', async (enumeration) => {
    const simulator = await start({ enumeration });
    await simulator.setFault({ kind: 'not-loaded' });
    const source = run(mesosDns({ urls: [simulator.url], names: ['_web._tcp.marathon.mesos'], ...quick }));
    expect(await source.throws()).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
    expect(source.sets).toEqual([]);
  });

  test('frozen: an error once its records are too old, and well again when they move', async () => {
    const simulator = await start();
    const source = mesosDns({ urls: [simulator.url], staleAfterMs: 2_500, ...quick });
    const first = run(source);
    await first.until(isAll);
    await simulator.setFault({ kind: 'freeze' });
    simulator.setState({ leader: 'master@127.0.0.1:5050', slaves: [], frameworks: [] });
    expect(await first.throws()).toMatchObject({ code: 'SOURCE_TIMEOUT', message: expect.stringContaining('s old') });
    expect(first.places()).toEqual(all);
    // Its own clock tells at once when it is frozen already at the first contact.
    expect(await run(mesosDns({ urls: [simulator.url], staleAfterMs: 2_500, ...quick })).throws()).toMatchObject({
      code: 'SOURCE_TIMEOUT',
    });
  });

  test('after a failover of the master: agents that are not back keep their endpoints', async () => {
    const simulator = await start();
    const source = run(mesosDns({ urls: [simulator.url], ...quick }));
    await source.until(isAll);
    simulator.failOver('127.0.0.2:5050');
    await waitFor(() => source.warnings.length > 0);
    expect(source.warnings).toEqual([
      expect.stringContaining('does not know the agents 10.0.1.10, 10.0.1.11, 10.0.1.12'),
    ]);
    expect(source.places()).toEqual(all);
    simulator.setRegistered(0, true);
    simulator.launch({ name: 'web', agent: 0, hostPorts: [31_007] });
    await source.until((places) => places.includes('10.0.1.10:31007') && places.length === 4);
    for (const agent of [1, 2]) simulator.setRegistered(agent, true);
    await waitFor(() => source.warnings.length === 0);
    expect(source.places()).toHaveLength(4);
    expect(source.error).toBeUndefined();
  });

  test('the loss of one agent under the same leader is believed', async () => {
    const simulator = await start();
    const source = run(mesosDns({ urls: [simulator.url], ...quick }));
    await source.until(isAll);
    simulator.setRegistered(2, false);
    await source.until((places) => places.join() === all.slice(0, 2).join());
  });
});

describe('two servers', () => {
  test.each(['refuse', 'hang', 'garbage', 'not-loaded'] as const)(
    'the other one is asked when one fails: %s',
    async (kind) => {
      const [first, second] = [await start(), await start()];
      const source = run(mesosDns({ urls: [first.url, second.url], ...quick, requestTimeoutMs: 200 }));
      await source.until(isAll);
      await first.setFault({ kind });
      second.launch({ name: 'web', agent: 0, hostPorts: [31_009] });
      await source.until((places) => places.length === 4);
      expect(source.error).toBeUndefined();
    },
  );

  test('one that is frozen gives way to one that is not', async () => {
    const [first, second] = [await start(), await start()];
    const source = run(mesosDns({ urls: [first.url, second.url], ...quick, staleAfterMs: 2_500 }));
    await source.until(isAll);
    await first.setFault({ kind: 'freeze' });
    second.launch({ name: 'web', agent: 0, hostPorts: [31_009] });
    await source.until((places) => places.length === 4);
    expect(source.error).toBeUndefined();
  });

  test('one that has read its master earlier does not bring back what is gone', async () => {
    const old = await start({ refreshMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const young = await start();
    const source = run(mesosDns({ urls: [young.url, old.url], ...quick }));
    await source.until(isAll);
    old.launch({ name: 'web', agent: 0, hostPorts: [31_099] });
    await young.setFault({ kind: 'refuse' });
    const asked = old.requests.http.length;
    await waitFor(() => old.requests.http.length > asked + 10);
    expect(source.error).toBeUndefined();
    expect(source.sets).toHaveLength(1);
    // As soon as it reads its master again, it counts.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    old.refresh();
    await source.until((places) => places.length === 4);
  });
});
