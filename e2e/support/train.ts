import { setTimeout as sleep } from 'node:timers/promises';
import { fileLastKnownGood, type Pipeline, type PipelineEvent } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import { freePort, freePortRange, waitFor } from '@signalbox/testkit';
import {
  createMarathonSimulator,
  type MarathonSimulator,
  type MarathonSimulatorOptions,
} from '@signalbox/testkit/marathon';
import { request } from 'undici';
import { describeEvents, startPipeline } from './start-pipeline.ts';
import type { Workspace } from './workspace.ts';

/** The simulator, a pipeline in this process, and a HAProxy that it manages, with `/shop/web` on a service port. */
export interface Train extends AsyncDisposable {
  readonly simulator: MarathonSimulator;
  readonly pipeline: Pipeline;
  readonly events: readonly PipelineEvent[];
  /** The service port of `/shop/web`. */
  readonly port: number;
  /** A port that HAProxy has for whoever comes. */
  readonly sparePort: number;
  /** Ids of the tasks that answered so many requests in a row; a request that fails throws. */
  answeringTasks(requests?: number): Promise<ReadonlySet<string>>;
  /** Ids of the tasks that should answer. */
  runningTasks(): ReadonlySet<string>;
  /** Resolves when exactly the running tasks answer. */
  inStep(timeoutMs?: number): Promise<void>;
  readonly reloads: number;
}

export const webApp = (port: number, instances = 3) => ({
  id: '/shop/web',
  instances,
  portDefinitions: [{ port, name: 'http' }],
  healthChecks: [{ protocol: 'HTTP' as const, path: '/health', portIndex: 0, intervalSeconds: 1 }],
});

export async function startTrain(workspace: Workspace, options: MarathonSimulatorOptions = {}): Promise<Train> {
  const simulator = await createMarathonSimulator({ ...options, timing: { heartbeatMs: 300, ...options.timing } });
  const [port, sparePort] = [await freePort(), await freePortRange(1)];
  await simulator.createApp(webApp(port));
  await simulator.settled();

  const running = startPipeline({
    sources: {
      mesos: marathon({
        urls: [...simulator.urls],
        requestTimeoutMs: 1_000,
        streamIdleTimeoutMs: 1_500,
        resyncMs: 1_000,
      }),
    },
    sinks: {
      edge: haproxy({
        config: `${workspace.path}/haproxy.cfg`,
        manage: { onExit: 'stop' },
        portRanges: [{ from: sparePort, to: sparePort }],
      }),
    },
    lastKnownGood: fileLastKnownGood(`${workspace.path}/state`),
  });
  const { pipeline, events } = running;

  const train: Train = {
    simulator,
    pipeline,
    events,
    port,
    sparePort,
    async answeringTasks(requests = 30) {
      const tasks = new Set<string>();
      for (let count = 0; count < requests; count += 1) {
        const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}/`);
        await body.dump();
        if (statusCode !== 200) throw new Error(`a request was answered with ${statusCode}`);
        tasks.add(String(headers['x-task']));
      }
      return tasks;
    },
    runningTasks: () =>
      new Set(simulator.tasks('/shop/web').flatMap(({ id, state }) => (state === 'TASK_RUNNING' ? [id] : []))),
    async inStep(timeoutMs = 20_000) {
      const description = (): string => `the running tasks to answer; last events: ${describeEvents(events)}`;
      const isInStep = async (): Promise<boolean> => equal(await train.answeringTasks(), train.runningTasks());
      await waitFor(isInStep, { timeoutMs, intervalMs: 50, description });
    },
    get reloads() {
      return running.reloads;
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await simulator.close();
      // The process that was asked to stop may hold its files for a moment.
      await sleep(50);
    },
  };
  return train;
}

function equal(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}
