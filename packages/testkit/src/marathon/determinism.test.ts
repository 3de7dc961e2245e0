import { expect, test } from 'vitest';
import { createMarathonSimulator, type MarathonEvent } from './index.ts';

/** A life with all kinds of changes, each after the one before has settled. */
async function record(seed: number): Promise<MarathonEvent[]> {
  await using simulator = await createMarathonSimulator({
    seed,
    startTime: '2026-01-01T00:00:00.000Z',
    agents: ['127.0.63.1', '127.0.63.2', '127.0.63.3'],
    liveTasks: false,
    timing: { drainMs: 20, lingerMs: 5, agentTimeoutMs: 40, expungeMs: 40 },
  });
  const events: MarathonEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  await simulator.createApp({ id: '/web', instances: 4, healthChecks: [{ path: '/' }] });
  await simulator.createApp({ id: '/api', instances: 2 });
  await simulator.settled();
  await simulator.updateApp('/web', { cmd: './two' });
  await simulator.scale('/api', 5);
  await simulator.settled();
  await simulator.killTask(simulator.tasks('/api')[0]!.id, { notice: false });
  await simulator.settled();
  await simulator.loseAgent(simulator.agents[0]!);
  await simulator.settled();
  await simulator.deleteApp('/web');
  await simulator.settled();
  return events;
}

test('one seed gives one story: ids, agents, times and order', async () => {
  const first = await record(7);
  expect(first.length).toBeGreaterThan(100);
  expect(await record(7)).toEqual(first);
});

test('another seed gives another story', async () => {
  expect(await record(8)).not.toEqual(await record(7));
});
