import { waitFor } from '@signalbox/testkit';
import type { Fault } from '@signalbox/testkit/marathon';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTrain, type Train } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

/** Whatever Marathon does, nothing is removed while it cannot be believed, and everything is repaired when it returns. */
describe('a Marathon that cannot be believed', () => {
  let workspace: Workspace;
  let train: Train;
  let reloads = 0;
  beforeAll(async () => {
    workspace = await createWorkspace();
    train = await startTrain(workspace);
    await train.inStep();
  });
  afterAll(async () => {
    await train[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  beforeEach(() => train.inStep());
  afterEach(() => train.simulator.clearFaults());

  const health = (): string | undefined => train.pipeline.status.sources.mesos?.health;

  const faults: [string, Fault][] = [
    ['answers 500 with HTML', { kind: 'status', status: 500, body: 'html' }],
    ['answers 503 with JSON', { kind: 'status', status: 503, body: 'json' }],
    ['answers {}', { kind: 'empty-object' }],
    ['cuts its JSON off', { kind: 'truncated' }],
    ['breaks the connection within its JSON', { kind: 'truncated', connection: 'destroyed' }],
    ['names no apps any more', { kind: 'empty-apps' }],
    ['takes requests and never answers', { kind: 'hang' }],
    ['refuses connections', { kind: 'refuse' }],
    ['refuses the credentials', { kind: 'unauthorized' }],
  ];

  test.each(faults)('%s: nothing is removed, the status says so, a change meanwhile is caught up', async (_, fault) => {
    const { simulator, pipeline } = train;
    const before = train.runningTasks();
    simulator.setFault(fault);
    await waitFor(() => health() === 'stale' || health() === 'failed', {
      timeoutMs: 15_000,
      description: () => `the source to be stale, it is ${JSON.stringify(pipeline.status.sources.mesos)}`,
    });
    expect(await train.answeringTasks()).toEqual(before);

    await simulator.scale('/shop/web', before.size === 3 ? 4 : 3);
    simulator.clearFaults();
    await simulator.settled();
    // A refused password is tried again once a minute only, and not in this test.
    if (fault.kind === 'unauthorized') return restart();
    await train.inStep();
    await waitFor(() => health() === 'fresh', { description: 'the source to be fresh' });
  });

  async function restart(): Promise<void> {
    reloads += train.reloads;
    await train[Symbol.asyncDispose]();
    train = await startTrain(workspace);
  }

  test('its event stream falls silent: noticed, and what was missed is caught up', async () => {
    const { simulator } = train;
    simulator.setFault({ kind: 'stream-silent' });
    await simulator.scale('/shop/web', 5);
    await simulator.settled();
    await train.inStep();
  });

  test('events get lost: the timed full read catches up', async () => {
    const { simulator } = train;
    simulator.setFault({ kind: 'stream-drop' });
    await simulator.scale('/shop/web', 3);
    await simulator.settled();
    await train.inStep();
  });

  test('its leader changes, health results vanish: nobody notices', async () => {
    const { simulator } = train;
    const before = train.runningTasks();
    await simulator.changeLeader();
    expect(await train.answeringTasks()).toEqual(before);
    await simulator.scale('/shop/web', before.size + 1);
    await simulator.settled();
    await train.inStep();
  });

  test('one of two masters is gone for good: the other does', async () => {
    const { simulator } = train;
    simulator.setFault({ kind: 'refuse' }, { master: simulator.leaderIndex === 0 ? 1 : 0 });
    await simulator.scale('/shop/web', 3);
    await simulator.settled();
    await train.inStep();
  });

  test('none of this was worth a reload', () => {
    expect(reloads + train.reloads).toBe(0);
  });
});
