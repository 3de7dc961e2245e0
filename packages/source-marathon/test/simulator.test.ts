import { type AppDefinition, createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { afterEach, describe, expect, it } from 'vitest';
import { type MarathonOptions, marathon } from '../src/index.ts';
import { byId, runSource, type SourceRun } from './run-source.ts';

const web = 'mesos:/shop/web#http';
const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function startCluster(...apps: AppDefinition[]): Promise<MarathonSimulator> {
  const simulator = await createMarathonSimulator({
    liveTasks: false,
    masters: 3,
    timing: { drainMs: 60, lingerMs: 0, killGraceMs: 20, electionMs: 100, healthDelayMs: 300, agentTimeoutMs: 50 },
  });
  cleanup.push(() => simulator.close());
  for (const app of apps) await simulator.createApp(app);
  await simulator.settled();
  return simulator;
}

function run(simulator: MarathonSimulator, options: Partial<MarathonOptions> = {}): SourceRun {
  const source = runSource(marathon({ urls: simulator.urls, coalesceMs: 10, requestTimeoutMs: 2_000, ...options }));
  cleanup.push(() => source.stop());
  return source;
}

const definition: AppDefinition = {
  id: '/shop/web',
  instances: 3,
  portDefinitions: [{ port: 10_080, name: 'http' }],
  healthChecks: [{ protocol: 'HTTP', path: '/health', portIndex: 0, gracePeriodSeconds: 60 }],
};

function serving(simulator: MarathonSimulator): string[] {
  return simulator
    .tasks('/shop/web')
    .filter(({ state }) => state === 'TASK_RUNNING')
    .map(({ id }) => id)
    .sort();
}

describe('a simulated cluster', () => {
  it('is followed from the leader, whichever node is asked first', async () => {
    const simulator = await startCluster(definition);
    await simulator.changeLeader();
    await expect.poll(() => simulator.leaderIndex).toBeGreaterThan(0);
    await run(simulator).until((services) => services.get(web)?.endpoints.length === 3);
  });

  it('always has healthy endpoints in a rolling deployment, and ends with the new tasks', async () => {
    const simulator = await startCluster(definition);
    const source = run(simulator);
    await source.until((services) => services.get(web)?.endpoints.length === 3);
    const from = source.snapshots.length;
    await simulator.updateApp('/shop/web', { env: { RELEASE: '2' } });
    await simulator.settled();
    const wanted = serving(simulator);
    await source.until((services) => {
      const ids = services.get(web)?.endpoints.map(({ id }) => id);
      return ids?.join() === wanted.join();
    }, from);
    for (const snapshot of source.snapshots.slice(from)) {
      const taking = byId(snapshot)
        .get(web)
        ?.endpoints.filter(({ health, draining }) => health === 'healthy' && draining !== true);
      expect(taking?.length).toBeGreaterThanOrEqual(1);
    }
  });

  it('loses no verdict and no endpoint when the leader changes', async () => {
    const simulator = await startCluster(definition);
    const shared = marathon({ urls: simulator.urls, coalesceMs: 10, requestTimeoutMs: 2_000 });
    const start = (): SourceRun => {
      const started = runSource(shared);
      cleanup.push(() => started.stop());
      return started;
    };
    const source = start();
    const healthy = (services: ReturnType<typeof byId>): boolean =>
      services.get(web)?.endpoints.filter(({ health }) => health === 'healthy').length === 3;
    await source.until(healthy);
    await simulator.changeLeader();
    // The stream breaks, and while there is no leader the watch throws: the runtime then starts the same source again.
    await expect.poll(() => simulator.leaderIndex).toBeGreaterThan(0);
    await source.stop();
    const again = start();
    await again.until(() => true);
    await simulator.settled();
    await again.stop();
    for (const snapshot of [...source.snapshots.slice(1), ...again.snapshots])
      expect(healthy(byId(snapshot))).toBe(true);
  });

  it('drains the tasks of a scale-down and says that their loss is intended', async () => {
    const simulator = await startCluster(definition);
    const source = run(simulator);
    await source.until((services) => services.get(web)?.endpoints.length === 3);
    await simulator.scale('/shop/web', 1);
    await source.until((services) => services.get(web)?.endpoints.filter(({ draining }) => draining).length === 2);
    const snapshot = await source.until((services) => services.get(web)?.endpoints.length === 1);
    expect(snapshot.intended?.has(web)).toBe(true);
    await simulator.deleteApp('/shop/web');
    const last = await source.until((services) => !services.has(web));
    expect(last.intended?.has(web)).toBe(true);
  });

  it('drains the tasks of a lost agent', async () => {
    const simulator = await startCluster({ ...definition, unreachableStrategy: 'disabled' });
    const source = run(simulator);
    const first = await source.until((services) => services.get(web)?.endpoints.length === 3);
    const agent = byId(first).get(web)?.endpoints[0]?.address ?? '';
    await simulator.loseAgent(agent);
    await source.until(
      (services) => services.get(web)?.endpoints.find(({ address }) => address === agent)?.draining === true,
    );
  });

  it('keeps the set when an answer is {} and when it is cut off', async () => {
    const simulator = await startCluster(definition);
    for (const fault of [{ kind: 'empty-object' }, { kind: 'truncated', connection: 'destroyed' }] as const) {
      const source = run(simulator, { resyncMs: 50 });
      await source.until((services) => services.get(web)?.endpoints.length === 3);
      simulator.setFault(fault);
      expect(await source.ended).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
      expect(byId(source.snapshots.at(-1) ?? { services: [] }).get(web)?.endpoints).toHaveLength(3);
      simulator.clearFaults();
    }
  });

  it('notices a silent stream and goes on at another master', async () => {
    const simulator = await startCluster(definition);
    const source = run(simulator, { streamIdleTimeoutMs: 300 });
    await source.until((services) => services.get(web)?.endpoints.length === 3);
    simulator.setFault({ kind: 'stream-silent' });
    await simulator.scale('/shop/web', 4);
    await source.until((services) => services.get(web)?.endpoints.length === 4);
  });

  it('reads only the apps that the label selector matches, and states that an app was taken out of it', async () => {
    const simulator = await startCluster(
      { ...definition, labels: { HAPROXY_GROUP: 'external' } },
      { ...definition, id: '/shop/web-internal', portDefinitions: [{ port: 10_081, name: 'http' }] },
    );
    const source = run(simulator, { label: 'HAPROXY_GROUP==external' });
    const first = await source.until((services) => services.get(web)?.endpoints.length === 3);
    expect([...byId(first).keys()]).toEqual([web]);
    await simulator.updateApp('/shop/web', { labels: {} });
    const last = await source.until((services) => services.size === 0);
    expect(last.intended?.has(web)).toBe(true);
  });
});
