import { join } from 'node:path';
import { delay, type PluginContext, type Service, silentLogger } from '@signalbox/core';
import { type NginxMode, nginx } from '@signalbox/sink-nginx';
import { catalogOf, endpoint, freePort, service, startOrigin, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { createDirectory } from '../stage/directory.ts';
import { Fleet } from '../stage/fleet.ts';
import { median, time } from '../statistics.ts';

const rounds = 15;
const slowRounds = 3;

/** The nginx sink alone, in both modes. */
export const changeInNginx: Measurement = {
  id: 'nginx',
  title: 'Change → traffic in nginx',
  async *measure({ full, signal, say }) {
    yield* measureTraffic(signal);
    const hosts = full ? 10_000 : 2_000;
    say(`${hosts} hosts, in both modes`);
    const batch = await measureHosts('lua', hosts, signal);
    const reload = await measureHosts('reload', hosts, signal);
    yield {
      what: `${hosts} hosts at once, applied by the dictionary`,
      value: batch,
      unit: 'ms',
      ratio: batch / reload,
      against: 'a reload with as many',
      ...(full ? { limit: { atMost: 1 / 50 } } : {}),
      samples: slowRounds,
    };
  },
};

/** One endpoint takes the place of another, while a client asks without a break. */
async function* measureTraffic(signal: AbortSignal): ReturnType<Measurement['measure']> {
  await using one = await startOrigin('one');
  await using two = await startOrigin('two');
  const port = await freePort(benchAddress);
  await using stage = await openNginx('lua', signal);
  const origins = [one, two];
  const offer = (round: number): readonly Service[] => {
    const origin = origins[round % 2] ?? one;
    return [
      service('web', { appProtocol: 'http', port, endpoints: [endpoint({ id: `${round}`, port: origin.port })] }),
    ];
  };
  await stage.bring(offer(0));
  const trips: number[] = [];
  const routed: number[] = [];
  let newest = '';
  await using load = startLoad({
    url: `http://${benchAddress}:${port}/`,
    signal,
    onRecord({ task = '', startedAtMs, endedAtMs }) {
      newest = task;
      trips.push(endedAtMs - startedAtMs);
    },
  });
  for (let round = 1; round <= rounds; round += 1) {
    const name = origins[round % 2]?.name;
    const startedAtMs = performance.now();
    await stage.bring(offer(round));
    await waitFor(() => newest === name, { signal, intervalMs: 1, description: `an answer of ${name}` });
    routed.push(performance.now() - startedAtMs);
    await delay(50, signal);
  }
  const { failed } = await load.stop();
  yield {
    what: 'first answer of the new endpoint, by the dictionary',
    value: median(routed),
    unit: 'ms',
    ratio: median(routed) / median(trips),
    against: 'one proxied round trip',
    limit: { atMost: 6 },
    samples: routed.length,
  };
  yield { what: 'failed meanwhile', value: failed, unit: 'requests', limit: { atMost: 0 }, samples: trips.length };
}

/** From the call of `apply` until all of so many hosts have one endpoint more. */
async function measureHosts(mode: NginxMode, hosts: number, signal: AbortSignal): Promise<number> {
  await using stage = await openNginx(mode, signal);
  const fleet = new Fleet(hosts);
  await stage.bring(fleet.services);
  const durations: number[] = [];
  for (let round = 0; round < slowRounds; round += 1) {
    const services = fleet.grow(hosts);
    durations.push(await stage.bring(services));
  }
  return median(durations);
}

interface NginxStage extends AsyncDisposable {
  /** Plans and applies; gives the milliseconds that applying took. */
  bring(services: Iterable<Service>): Promise<number>;
}

async function openNginx(mode: NginxMode, signal: AbortSignal): Promise<NginxStage> {
  const directory = await createDirectory();
  const sink = nginx({
    config: join(directory.path, 'nginx.conf'),
    mode,
    manage: { onExit: 'stop' },
    bindAddress: benchAddress,
    listeners: [{ address: benchAddress, port: await freePort(benchAddress), protocol: 'http' }],
    reload: { minIntervalMs: 0, jitterMs: 0 },
  });
  const context: PluginContext = { id: 'edge', signal, logger: silentLogger };
  let version = 0;
  return {
    async bring(services) {
      version += 1;
      let appliedMs = 0;
      for (;;) {
        const plan = await sink.plan(catalogOf(services, version), context);
        appliedMs += await time(() => plan.apply());
        if (plan.deferred === undefined) return appliedMs;
        await delay(plan.deferred.afterMs, signal);
      }
    },
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]?.();
      await directory[Symbol.asyncDispose]();
    },
  };
}
