import { setMaxListeners } from 'node:events';
import { waitFor } from '@signalbox/testkit';
import { type Load, type LoadReport, startLoad } from '@signalbox/testkit/load';
import type { Cluster } from '../cluster/start-cluster.ts';
import type { PortRange } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';

/** Above those of the apps that are there from the beginning, and below those that Linux gives to outgoing connections. */
export const newAppPorts: PortRange = { from: 30_000, to: 30_015 };

const instances = 2;
const requestsPerSecond = 20;
const firstAnswerTimeoutMs = 30_000;

/** What the loads of all new apps of one kind came to. */
export interface NewAppsReport extends Pick<LoadReport, 'requests' | 'failed'> {
  readonly keepAlive: boolean;
}

/** Apps that appear during a measurement. Disposing ends the loads and leaves the apps. */
export interface NewApps extends AsyncDisposable {
  readonly count: number;
  /** One more, with a load over kept connections and one over new ones from its first answer on, which this does not wait for. */
  add(): Promise<void>;
  /** Ends the loads. Rejects when an app never answered. */
  stop(): Promise<readonly NewAppsReport[]>;
  /** Takes the apps out of the cluster, for the next who measures there. */
  remove(): Promise<void>;
}

export function createNewApps(cluster: Pick<Cluster, 'createApp' | 'deleteApp'>, signal: AbortSignal): NewApps {
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  // Two loads of each app listen to it.
  setMaxListeners(0, ended);
  const ids: string[] = [];
  const opening: Promise<readonly Load[]>[] = [];
  return {
    get count() {
      return ids.length;
    },
    async add() {
      const [id, port] = [`/bench/new-${ids.length}`, newAppPorts.from + ids.length];
      await cluster.createApp({ id, instances, cmd: './serve', portDefinitions: [{ port, name: 'http' }] });
      ids.push(id);
      const loads = openLoads(`http://${benchAddress}:${port}/`, id, ended);
      loads.catch(() => {});
      opening.push(loads);
    },
    async stop() {
      const loads = (await Promise.all(opening)).flat();
      const reports = await Promise.all(loads.map((load) => load.stop()));
      // Each app has one load of either kind, in this order.
      return [true, false].map((keepAlive, kind) => {
        const own = reports.filter((_, index) => index % 2 === kind);
        const sum = (key: 'requests' | 'failed'): number => own.reduce((total, report) => total + report[key], 0);
        return { keepAlive, requests: sum('requests'), failed: sum('failed') };
      });
    },
    async remove() {
      for (const id of ids) await cluster.deleteApp(id);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      const results = await Promise.allSettled(opening);
      const loads = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
      await Promise.all(loads.map((load) => load.stop()));
    },
  };
}

async function openLoads(url: string, id: string, signal: AbortSignal): Promise<readonly Load[]> {
  await waitFor(() => answers(url, signal), {
    timeoutMs: firstAnswerTimeoutMs,
    intervalMs: 20,
    signal,
    description: `the first answer of ${id}`,
  });
  return [true, false].map((keepAlive) =>
    startLoad({ url, ratePerSecond: requestsPerSecond, connections: 2, keepAlive, signal }),
  );
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
