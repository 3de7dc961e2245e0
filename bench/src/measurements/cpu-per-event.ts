import { delay } from '@signalbox/core';
import { waitFor } from '@signalbox/testkit';
import { describeApps, describeCluster, describeSize, type Size } from '../cluster/apps.ts';
import { type Cluster, startCluster } from '../cluster/start-cluster.ts';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { createDirectory } from '../stage/directory.ts';
import { signalbox } from '../stage/signalbox.ts';
import { median, time } from '../statistics.ts';

const size: Size = { apps: 100, tasks: 10 };
/** For what was asked for last to be done as well. */
const afterMs = 2_000;
/** As long as the sink lets pass between two looks at HAProxy, so that each has one. */
const idleSliceMs = 5_000;

const unit = '% of a core';

interface Consumption {
  readonly cpuMs: number;
  readonly durationMs: number;
  readonly events: number;
}

/** Processor time of this process, in which source, pipeline and sink run; the cluster and HAProxy are processes of their own. */
export const cpuPerEvent: Measurement = {
  id: 'cpu',
  title: `Processor time, ${describeSize(size)}`,
  async *measure({ full, signal, say }) {
    const windowMs = full ? 15_000 : 6_000;
    const idleSlices = full ? 36 : 5;
    await using cluster = await startCluster({ ...describeCluster(size, { liveTasks: false }), signal });
    await using directory = await createDirectory();
    const contestant = signalbox({ name: 'signalbox', immediate: false });
    const task = { marathonUrls: cluster.urls, address: benchAddress, directory: directory.path, signal };
    await using running = await contestant.start(task);
    await waitFor(() => running.inSync, { timeoutMs: 60_000, intervalMs: 100, signal, description: running.describe });
    const parseMs = await timeParse(cluster, signal);
    // Warm up, and let what starts only once come to an end.
    const tasks = await listTasks(cluster);
    await consume(cluster, { tasks: tasks.splice(0, 50), perSecond: 25, windowMs: 2_000, signal });

    say(`idle, ${(idleSlices * idleSliceMs) / 1_000} s`);
    const slices: number[] = [];
    while (slices.length < idleSlices) slices.push(await measureIdle(signal));
    const idle = median(slices);
    yield { what: 'when nothing happens', value: idle, unit, limit: { atMost: 0.1 }, samples: idleSlices };
    if (full) {
      // What comes less often than each five seconds: the full look of each minute, and V8 that tidies up behind it.
      const value = slices.reduce((sum, slice) => sum + slice, 0) / idleSlices;
      yield { what: '  on average, with the full looks of each minute', value, unit, samples: idleSlices };
    }
    for (const perSecond of [1, 50]) {
      say(`${perSecond} lost tasks a second, ${windowMs / 1_000} s`);
      const kills = tasks.splice(0, (perSecond * windowMs) / 1_000);
      const busy = await consume(cluster, { tasks: kills, perSecond, windowMs, signal });
      const cpuMs = busy.cpuMs - (idle / 100) * busy.durationMs;
      for (const [what, count] of [
        [`each task lost and replaced, at ${perSecond} a second`, kills.length],
        ['  each event of Marathon that it takes', busy.events],
      ] as const) {
        const ratio = cpuMs / count / parseMs;
        yield { what, value: cpuMs / count, unit: 'ms', ratio, against: 'JSON.parse of all apps', samples: count };
      }
    }
  },
};

/** In percent of a core, over one slice. */
async function measureIdle(signal: AbortSignal): Promise<number> {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  await delay(idleSliceMs, signal);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - startedAtMs);
}

async function consume(
  cluster: Cluster,
  options: {
    readonly tasks: readonly string[];
    readonly perSecond: number;
    readonly windowMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Consumption> {
  const eventsBefore = await cluster.countEvents();
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  const killing = cluster.killSteadily(options.tasks, 1_000 / options.perSecond);
  await delay(options.windowMs + afterMs, options.signal);
  const { user, system } = process.cpuUsage(before);
  const durationMs = performance.now() - startedAtMs;
  await killing;
  return { cpuMs: (user + system) / 1_000, durationMs, events: (await cluster.countEvents()) - eventsBefore };
}

/** In an order in which neighbours are of different apps. */
async function listTasks(cluster: Cluster): Promise<string[]> {
  const perApp = await Promise.all(describeApps(size).map(({ id }) => cluster.tasks(id)));
  return Array.from({ length: size.tasks }, (_, index) => perApp.flatMap((tasks) => tasks[index]?.id ?? [])).flat();
}

async function timeParse({ urls: [url] }: Cluster, signal: AbortSignal): Promise<number> {
  const text = await (await fetch(`${url}/v2/apps?embed=apps.tasks&embed=apps.readiness`, { signal })).text();
  const durations: number[] = [];
  for (let round = 0; round < 20; round += 1) durations.push(await time(() => JSON.parse(text)));
  return median(durations);
}
