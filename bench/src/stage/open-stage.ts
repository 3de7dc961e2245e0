import { freePort, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { describeApps, describeCluster, type Size } from '../cluster/apps.ts';
import { type Cluster, startCluster } from '../cluster/start-cluster.ts';
import type { Contestant, PortRange, RunningContestant } from '../measurement.ts';
import { benchAddress } from './address.ts';
import { createDirectory } from './directory.ts';

/** A cluster with live tasks, and one app of it that is measured; the others are there to be many. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly app: string;
  /** Where the measured app is offered. */
  readonly url: string;
}

const startTimeoutMs = 90_000;

export async function openStage(size: Size, signal: AbortSignal): Promise<Stage> {
  const [measured, ...others] = describeApps(size);
  if (measured === undefined) throw new Error('a cluster needs an app');
  const port = await freePort(benchAddress);
  const apps = [{ ...measured, portDefinitions: [{ port, name: 'http' }] }, ...others];
  const cluster = await startCluster({ ...describeCluster(size, { apps }), signal });
  return {
    cluster,
    app: measured.id,
    url: `http://${benchAddress}:${port}/`,
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

export interface Scene extends AsyncDisposable {
  readonly contestant: RunningContestant;
}

export interface EnterOptions {
  readonly signal: AbortSignal;
  /** Ports of apps that come later. */
  readonly portRange?: PortRange;
}

/** Lets a contestant take the stage, in a folder of its own. Resolves when every task of the measured app answers through it. */
export async function enterStage(
  contestant: Contestant,
  stage: Stage,
  { signal, portRange }: EnterOptions,
): Promise<Scene> {
  const { cluster, app, url } = stage;
  const directory = await createDirectory();
  let running: RunningContestant | undefined;
  const leave = async (): Promise<void> => {
    await running?.[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  };
  try {
    running = await contestant.start({
      marathonUrls: cluster.urls,
      address: benchAddress,
      ...(portRange === undefined ? {} : { portRange }),
      directory: directory.path,
      signal,
    });
    const tasks = (await cluster.tasks(app)).map(({ id }) => id);
    const description = `${contestant.name} to bring all tasks of ${app}`;
    await waitFor(() => answerAll(url, tasks, signal), {
      timeoutMs: startTimeoutMs,
      intervalMs: 100,
      signal,
      description: () => `${description}; ${running?.describe()}`,
    });
    return { contestant: running, [Symbol.asyncDispose]: leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Asks a few times in a row, and says whether all of these tasks answered. */
async function answerAll(url: string, tasks: readonly string[], signal: AbortSignal): Promise<boolean> {
  const load = startLoad({ url, maxRequests: tasks.length * 3, keepAlive: false, timeoutMs: 2_000, signal });
  await waitFor(() => load.report().requests >= tasks.length * 3, { timeoutMs: 20_000, signal }).catch(() => {});
  const { tasks: answered } = await load.stop();
  return tasks.every((task) => answered.has(task));
}
