import { delay } from '@signalbox/core';
import { waitFor } from '@signalbox/testkit';
import { type Load, startLoad } from '@signalbox/testkit/load';
import { describeSize, type Size } from '../cluster/apps.ts';
import type { Contestant, Measurement, MeasurementContext, Row } from '../measurement.ts';
import { findHarmlessCommand, writeBare } from '../stage/bare-command.ts';
import { enterStage, openStage, type Stage } from '../stage/open-stage.ts';
import { signalbox } from '../stage/signalbox.ts';
import { median } from '../statistics.ts';
import { createTaskWatch, type TaskWatch } from './task-watch.ts';

const rounds = 9;
/** Over all connections. It bounds how finely the first and the last request can be seen. */
const requestsPerSecond = 500;
/** After a task has ended, for requests that might still be on their way to it. */
const afterEndMs = 100;

/** From what Marathon says to what clients notice. */
export const eventToTraffic: Measurement = {
  id: 'traffic',
  title: "Marathon's event → traffic",
  async *measure(context) {
    const sizes: Size[] = [
      { apps: 10, tasks: 5 },
      { apps: 100, tasks: 10 },
    ];
    if (context.full) sizes.push({ apps: 1_000, tasks: 10 });
    const immediate = signalbox({ name: 'signalbox, no waits', immediate: true });
    const smallest = new Map<string, Times>();
    for (const size of sizes) {
      context.say(`${describeSize(size)} live tasks`);
      await using stage = await openStage(size, context.signal);
      const watch = await createTaskWatch(stage.cluster);
      // The whole way without the waits, which are there to gather changes and hide what it costs.
      const contestants = [...context.contestants, immediate];
      for (const contestant of contestants) {
        context.say(`${describeSize(size)}, ${contestant.name}`);
        const times = await follow(contestant, stage, watch, context);
        yield* toRows(times, `${contestant.name}, ${describeSize(size)}`);
        const inSmallest = smallest.get(contestant.name);
        if (inSmallest === undefined) smallest.set(contestant.name, times);
        else if (size.apps === 1_000) yield* compareSizes(times, inSmallest, contestant.name);
        if (size.apps === 1_000 && contestant === immediate) yield* compareWithMarathonLb(times);
      }
    }
  },
};

interface Times {
  /** Milliseconds from the event to the end of the first answer of the new task. */
  readonly arrivals: number[];
  /** Milliseconds from the event to the sending of the last request that the killed task answered; 0 when none came after the event. */
  readonly departures: number[];
  readonly writes: number[];
  failed: number;
}

const parts = [
  ['first request at a new task', 'arrivals'],
  ['last request at a killed task', 'departures'],
] as const;

function* toRows(times: Times, who: string): Generator<Row> {
  const { writes, failed } = times;
  const write = writes.length === 0 ? undefined : median(writes);
  for (const [what, name] of parts) {
    const value = median(times[name]);
    const ratio = write === undefined ? {} : { ratio: value / write, against: 'one bare write' };
    yield { what: `${what}: ${who}`, value, unit: 'ms', ...ratio, samples: times[name].length };
  }
  yield { what: `failed meanwhile: ${who}`, value: failed, unit: 'requests', limit: { atMost: 0 }, samples: 1 };
}

/** Whether it takes longer because there are more others. What is shorter than the time between two requests cannot be seen. */
function* compareSizes(large: Times, small: Times, who: string): Generator<Row> {
  for (const [what, name] of parts) {
    yield {
      what: `${what}: ${who}, 1000×10`,
      value: visible(large[name]),
      unit: 'ms',
      ratio: visible(large[name]) / visible(small[name]),
      against: '10×5',
      limit: { atMost: 1.5 },
      samples: large[name].length,
    };
  }
}

/** Milliseconds that marathon-lb 1.15 took on a cluster of 1000×10: measured once, and not on this machine. */
const marathonLb = { arrivals: 4_237, departures: 3_141 };

function* compareWithMarathonLb(times: Times): Generator<Row> {
  for (const [what, name] of parts) {
    yield {
      what: `marathon-lb's time: ${what}, 1000×10`,
      value: marathonLb[name],
      unit: 'ms',
      ratio: marathonLb[name] / visible(times[name]),
      against: 'ours, no waits',
      limit: { atLeast: 30 },
      samples: times[name].length,
    };
  }
}

function visible(values: readonly number[]): number {
  return Math.max(median(values), 1_000 / requestsPerSecond);
}

async function follow(
  contestant: Contestant,
  stage: Stage,
  watch: TaskWatch,
  { signal }: MeasurementContext,
): Promise<Times> {
  await using scene = await enterStage(contestant, stage, { signal });
  const { runtimeSocket } = scene.contestant;
  const command = runtimeSocket === undefined ? undefined : await findHarmlessCommand(runtimeSocket);
  await using load = startLoad({
    targets: [{ url: stage.url }, { url: stage.url, keepAlive: false }],
    connections: 4,
    ratePerSecond: requestsPerSecond / 2,
    signal,
  });
  const times: Times = { arrivals: [], departures: [], writes: [], failed: 0 };
  const instances = (await stage.cluster.tasks(stage.app)).length;
  for (let round = 0; round < rounds; round += 1) {
    times.arrivals.push(await timeArrival(stage, watch, load, instances + 1, signal));
    if (runtimeSocket !== undefined && command !== undefined) {
      for (let write = 0; write < 5; write += 1) {
        const startedAtMs = performance.now();
        await writeBare(runtimeSocket, command);
        times.writes.push(performance.now() - startedAtMs);
      }
    }
    times.departures.push(await timeDeparture(stage, watch, load, instances, signal));
  }
  times.failed = (await load.stop()).failed;
  return times;
}

async function timeArrival(stage: Stage, watch: TaskWatch, load: Load, instances: number, signal: AbortSignal) {
  const running = watch.next('TASK_RUNNING', stage.app, signal);
  await stage.cluster.scale(stage.app, instances);
  const { task, atMs } = await running;
  const share = await waitFor(() => load.report().tasks.get(task), { timeoutMs: 20_000, intervalMs: 20, signal });
  return share.firstAtMs - atMs;
}

async function timeDeparture(stage: Stage, watch: TaskWatch, load: Load, instances: number, signal: AbortSignal) {
  const killing = watch.next('TASK_KILLING', stage.app, signal);
  const killed = watch.next('TASK_KILLED', stage.app, signal);
  await stage.cluster.scale(stage.app, instances);
  const { task, atMs } = await killing;
  await killed;
  await delay(afterEndMs, signal);
  return Math.max(0, (load.report().tasks.get(task)?.lastSentAtMs ?? 0) - atMs);
}
