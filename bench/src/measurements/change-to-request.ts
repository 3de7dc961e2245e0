import type { Service } from '@signalbox/core';
import { endpoint, freePort, service, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { describeCluster } from '../cluster/apps.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { openSink } from '../stage/open-sink.ts';
import { median } from '../statistics.ts';

const rounds = 15;

/** The sink alone: one endpoint takes the place of another, while a client asks without a break. */
export const changeToRequest: Measurement = {
  id: 'routed',
  title: 'Change → first request routed',
  async *measure({ signal, say }) {
    const size = { apps: 1, tasks: rounds + 1 };
    await using cluster = await startCluster({ ...describeCluster(size, {}), signal });
    const tasks = await cluster.tasks('/bench/app-0');
    const port = await freePort(benchAddress);
    await using stage = await openSink({ sharedPort: await freePort(benchAddress), signal });
    const offer = ({ id, agent, ports: [taskPort = 0] }: (typeof tasks)[number]): readonly Service[] => [
      service('web', { appProtocol: 'http', port, endpoints: [endpoint({ id, address: agent, port: taskPort })] }),
    ];
    const [first, ...others] = tasks;
    if (first === undefined) throw new Error('the cluster has no task');
    await stage.bring(stage.catalog(offer(first)));

    say(`${rounds} replacements`);
    const routed: number[] = [];
    const trips: number[] = [];
    await using load = startLoad({
      url: `http://${benchAddress}:${port}/`,
      onRecord: ({ startedAtMs, endedAtMs }) => trips.push(endedAtMs - startedAtMs),
      signal,
    });
    for (const task of others) {
      const catalog = stage.catalog(offer(task));
      const startedAtMs = performance.now();
      await stage.bring(catalog);
      const description = `an answer of the task ${task.id}`;
      const share = await waitFor(() => load.report().tasks.get(task.id), { signal, description });
      routed.push(share.firstAtMs - startedAtMs);
    }
    const { failed } = await load.stop();
    const samples = routed.length;
    yield {
      what: 'first answer of the new endpoint',
      value: median(routed),
      unit: 'ms',
      ratio: median(routed) / median(trips),
      against: 'one proxied round trip',
      limit: { atMost: 6 },
      samples,
    };
    yield { what: 'failed meanwhile', value: failed, unit: 'requests', limit: { atMost: 0 }, samples: trips.length };
  },
};
