import { expect, test } from 'vitest';
import { Recorder } from '../measure/recorder.ts';
import { paces } from '../pace.ts';
import { everyApp } from '../stage/apps.ts';
import type { Stage } from '../stage/stage.ts';
import { openFakeStage } from '../testing/fake-stage.ts';
import { createScene } from './scene.ts';
import { createStructureActs } from './structure-acts.ts';

const addresses = {
  address: '127.0.0.1',
  sharedPort: 1,
  portRange: { from: 2, to: 2 },
  apps: new Map(everyApp.map(({ id }, index) => [id, { port: index }])),
};

/** Plays the last act on a stage whose proxy is like this, and says which apps were asked, and what was overdue. */
async function play(health: 'in-sync' | 'pending') {
  await using stage = await openFakeStage((_request, response) => response.end());
  const { status, ...pipeline } = stage.pipeline;
  const sinks = { haproxy: { health, appliedVersion: 1, attempts: 0, warnings: [] } };
  const asked: string[] = [];
  const recorder = new Recorder();
  const shown: Stage = {
    ...stage,
    pipeline: { ...pipeline, status: { ...status, sinks } },
    targetsOf(app) {
      asked.push(app);
      return [];
    },
  };
  const scene = createScene({
    stage: shown,
    recorder,
    pace: { ...paces.quick, holdMs: 0, patienceMs: 30 },
    addTargets: () => {},
    say: () => {},
    signal: new AbortController().signal,
  });
  await createStructureActs(addresses).at(-1)?.perform(scene);
  return { asked, overdue: recorder.runOutcome().overdue };
}

test('a new app is asked once its proxy has it', async () => {
  expect(await play('in-sync')).toEqual({ asked: ['/shop/admin'], overdue: [] });
});

test('an app that its proxy does not have in time is asked nothing, and that is said', async () => {
  expect(await play('pending')).toEqual({ asked: [], overdue: ['sink haproxy is pending'] });
});
