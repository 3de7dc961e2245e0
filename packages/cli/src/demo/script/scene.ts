import { performance } from 'node:perf_hooks';
import { delay } from '@signalbox/core';
import type { Target } from '../load/target.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { Pace } from '../pace.ts';
import type { Cluster, Stage } from '../stage/stage.ts';
import { findDisagreement } from './agreement.ts';

/** What an act works with. */
export interface Scene {
  readonly cluster: Cluster;
  /** Lets the traffic flow for a while. */
  hold(): Promise<void>;
  /** Waits until cluster and pipeline agree, and says whether they do. What does not in time is written down, and breaks a promise. */
  settle(): Promise<boolean>;
  /** The same, and until every new task has answered. */
  catchUp(): Promise<void>;
  /** Waits for a condition; what is not met in time is written down, and breaks a promise. */
  await(description: string, isMet: () => boolean): Promise<void>;
  /** Whether Marathon can be asked, in the pipeline's view. */
  isSourceFresh(): boolean;
  /** Ends a task without notice. */
  crash(taskId: string): Promise<void>;
  /** Cuts an agent off: all its tasks die without notice. */
  loseAgent(address: string): Promise<void>;
  /** No master can be reached until {@link Scene.bringMarathonBack}. */
  takeMarathonDown(): void;
  bringMarathonBack(): void;
  /** Sends requests to an app that appeared. */
  ask(app: string): void;
  say(text: string): void;
}

export interface SceneOptions {
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly pace: Pace;
  readonly addTargets: (targets: readonly Target[]) => void;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const lookIntervalMs = 20;

export function createScene({ stage, recorder, pace, addTargets, say, signal }: SceneOptions): Scene {
  const { cluster, pipeline } = stage;

  async function waitUntil(findReason: () => string | undefined): Promise<boolean> {
    const deadlineMs = performance.now() + pace.patienceMs;
    for (let reason = findReason(); reason !== undefined; reason = findReason()) {
      if (performance.now() >= deadlineMs) {
        recorder.onOverdue(reason);
        return false;
      }
      await delay(lookIntervalMs, signal);
    }
    return true;
  }

  return {
    cluster,
    say,
    hold: () => delay(pace.holdMs, signal),
    async settle() {
      await cluster.settled();
      return waitUntil(() => findDisagreement(cluster, pipeline));
    },
    async catchUp() {
      await cluster.settled();
      await waitUntil(() => findDisagreement(cluster, pipeline) ?? findSilence(recorder));
    },
    async await(description, isMet) {
      await waitUntil(() => (isMet() ? undefined : description));
    },
    isSourceFresh: () => Object.values(pipeline.status.sources).every(({ health }) => health === 'fresh'),
    async crash(taskId) {
      const task = cluster.tasks().find(({ id }) => id === taskId);
      if (task !== undefined) recorder.onSuddenDeath(task.appId);
      await cluster.killTask(taskId, { notice: false });
    },
    async loseAgent(address) {
      for (const { appId, agent } of cluster.tasks()) if (agent === address) recorder.onSuddenDeath(appId);
      await cluster.loseAgent(address);
    },
    takeMarathonDown: () => cluster.setFault({ kind: 'refuse' }),
    bringMarathonBack() {
      cluster.clearFaults();
      recorder.onMarathonBack();
    },
    ask: (app) => addTargets(stage.targetsOf(app)),
  };
}

function findSilence(recorder: Recorder): string | undefined {
  const waiting = recorder.waitingTasks();
  return waiting.length === 0 ? undefined : `the first answer of ${waiting.join(', ')}`;
}
