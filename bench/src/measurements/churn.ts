import { delay } from '@signalbox/core';
import { type LoadReport, startLoad } from '@signalbox/testkit/load';
import type { Contestant, Measurement, MeasurementContext, Row } from '../measurement.ts';
import { enterStage, openStage, type Stage } from '../stage/open-stage.ts';
import { createNewApps, newAppPorts } from './new-apps.ts';

const size = { apps: 10, tasks: 5 };
const eventIntervalMs = 1_000;
/** So that also the long form has fewer new apps than HAProxy has spare backends. */
const secondsPerNewApp = 5;
const requestsPerSecond = 200;
const connections = 8;

/** What clients and the proxy suffer from an app that is scaled all the time, and from apps that appear. */
export const churn: Measurement = {
  id: 'churn',
  title: 'One scaling a second, one new app in five seconds, under load',
  async *measure(context) {
    await using stage = await openStage(size, context.signal);
    for (const contestant of context.contestants) {
      const seconds = context.full ? 60 : 15;
      context.say(`${contestant.name}, ${seconds} s`);
      yield* await endure(contestant, stage, seconds, context);
    }
  },
};

async function endure(
  contestant: Contestant,
  stage: Stage,
  seconds: number,
  { signal }: MeasurementContext,
): Promise<readonly Row[]> {
  await using scene = await enterStage(contestant, stage, { signal, portRange: newAppPorts });
  const { url, cluster, app } = stage;
  const reloadsBefore = scene.contestant.reloads;
  const options = { url, connections, ratePerSecond: requestsPerSecond, signal };
  await using steady = startLoad({ ...options, keepAlive: true });
  await using fresh = startLoad({ ...options, keepAlive: false });
  await using newApps = createNewApps(cluster, signal);
  const [more, fewer] = [size.tasks + 2, size.tasks];
  for (let second = 0; second < seconds; second += 1) {
    await cluster.scale(app, second % 2 === 0 ? more : fewer);
    if (second % secondsPerNewApp === 1) await newApps.add();
    await delay(eventIntervalMs, signal);
  }
  const reports = [await steady.stop(), await fresh.stop()] as const;
  const newcomers = await newApps.stop();
  const reloads = scene.contestant.reloads;
  await newApps.remove();
  await cluster.scale(app, fewer);
  await cluster.settled();
  const { name } = contestant;
  return [
    ...describe(reports[0], `keep-alive: ${name}`),
    ...describe(reports[1], `a connection each: ${name}`),
    ...newcomers.map(
      ({ keepAlive, failed, requests }): Row => ({
        what: `failed, ${newApps.count} new apps, ${keepAlive ? 'keep-alive' : 'a connection each'}: ${name}`,
        value: failed,
        unit: 'requests',
        limit: { atMost: 0 },
        samples: requests,
      }),
    ),
    ...(reloads === undefined || reloadsBefore === undefined
      ? []
      : [
          {
            what: `reloads in ${seconds} s: ${name}`,
            value: reloads - reloadsBefore,
            unit: 'reloads',
            limit: { atMost: 0 },
            samples: seconds,
          } as const,
        ]),
  ];
}

function describe({ failed, requests, latencyMs }: LoadReport, who: string): Row[] {
  return [
    { what: `failed, ${who}`, value: failed, unit: 'requests', limit: { atMost: 0 }, samples: requests },
    {
      what: `p99, ${who}`,
      value: latencyMs.p99,
      unit: 'ms',
      ratio: latencyMs.p99 / latencyMs.p50,
      against: 'its p50',
      samples: requests,
    },
  ];
}
