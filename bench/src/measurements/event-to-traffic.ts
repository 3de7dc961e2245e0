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

const rounds = 5;
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
    for (const size of sizes) {
      context.say(`${describeSize(size)} live tasks`);
      await using stage = await openStage(size, context.signal);
      const watch = await createTaskWatch(stage.cluster);
      const contestants = [...context.contestants, signalbox({ name: 'signalbox, no waits', immediate: true })];
      for (const contestant of contestants) {
        context.say(`${describeSize(size)}, ${contestant.name}`);
        yield* toRows(await follow(contestant, stage, watch, context), `${contestant.name}, ${describeSize(size)}`);
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

function* toRows({ arrivals, departures, writes, failed }: Times, who: string): Generator<Row> {
  const write = writes.length === 0 ? undefined : median(writes);
  for (const [what, values] of [
    ['first request at a new task', arrivals],
    ['last request at a killed task', departures],
  ] as const) {
    const value = median(values);
    const ratio = write === undefined ? {} : { ratio: value / write, against: 'one bare write' };
    yield { what: `${what}: ${who}`, value, unit: 'ms', ...ratio, samples: values.length };
  }
  yield { what: `failed meanwhile: ${who}`, value: failed, unit: 'requests', limit: { atMost: 0 }, samples: 1 };
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
