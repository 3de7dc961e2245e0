import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { type Catalog, delay, type PluginContext, type Service, silentLogger, withAbort } from '@signalbox/core';
import { type NginxMode, nginx } from '@signalbox/sink-nginx';
import { catalogOf, endpoint, freePort, service } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { describeCluster } from '../cluster/apps.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { createDirectory } from '../stage/directory.ts';
import { Fleet } from '../stage/fleet.ts';
import { interleave, median, time } from '../statistics.ts';

/** A daemon has made such a change thousands of times, and so has this one when it is measured. */
const warmUpRounds = 200;
const rounds = 100;
const answerTimeoutMs = 10_000;
/** Of many changes, or with a reload. */
const slowRounds = 3;
/** Files follow a change of the dictionary within 250 ms: a round does not begin with those of the one before. */
const filesLagMs = 1_000;

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
    const common = { unit: 'ms', samples: slowRounds } as const;
    yield {
      ...common,
      what: `${hosts} hosts at once, applied by the dictionary`,
      value: batch.appliedMs,
      ratio: batch.appliedMs / reload.appliedMs,
      against: 'a reload with as many',
      ...(full ? { limit: { atMost: 1 / 50 } } : {}),
    };
    yield {
      ...common,
      what: '  planned before',
      value: batch.plannedMs,
      ratio: batch.plannedMs / reload.appliedMs,
      against: 'that reload',
    };
    yield* measureOne(hosts, signal);
  },
};

/**
 * One endpoint takes the place of another, while a client asks without a break. The endpoints answer in a process of their own, as those of HAProxy do
 * in `routed`: in this one every answer would wait for the sink, and the sink for every answer.
 */
async function* measureTraffic(signal: AbortSignal): ReturnType<Measurement['measure']> {
  await using cluster = await startCluster({ ...describeCluster({ apps: 1, tasks: 2 }, {}), signal });
  const tasks = await cluster.tasks('/bench/app-0');
  const taskOf = (round: number): (typeof tasks)[number] => {
    const task = tasks[round % tasks.length];
    if (task === undefined) throw new Error('the cluster has no task');
    return task;
  };
  const port = await freePort(benchAddress);
  await using stage = await openNginx('lua', signal);
  const offer = (round: number): readonly Service[] => {
    const { agent, ports } = taskOf(round);
    const added = endpoint({ id: `${round}`, address: agent, port: ports[0] ?? 0 });
    return [service('web', { appProtocol: 'http', port, endpoints: [added] })];
  };
  await stage.bring(stage.catalog(offer(0)));
  const trips: number[] = [];
  const routed: number[] = [];
  const firstAnswers = new Map<string, (endedAtMs: number) => void>();
  await using load = startLoad({
    url: `http://${benchAddress}:${port}/`,
    signal,
    onRecord({ task = '', startedAtMs, endedAtMs }) {
      firstAnswers.get(task)?.(endedAtMs);
      trips.push(endedAtMs - startedAtMs);
    },
  });
  for (let round = 1; round <= warmUpRounds + rounds; round += 1) {
    const catalog = stage.catalog(offer(round));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
    const first = new Promise<number>((resolve) => firstAnswers.set(taskOf(round).id, resolve));
    const answered = withAbort(first, limit);
    const startedAtMs = performance.now();
    await stage.bring(catalog);
    const endedAtMs = await answered;
    firstAnswers.clear();
    if (round > warmUpRounds) routed.push(endedAtMs - startedAtMs);
    await delay(20, signal);
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

/** All of so many hosts have one endpoint more. */
async function measureHosts(mode: NginxMode, hosts: number, signal: AbortSignal): Promise<Brought> {
  await using stage = await openNginx(mode, signal);
  const fleet = new Fleet(hosts);
  await stage.bring(stage.catalog(fleet.services));
  const all: Brought[] = [];
  for (let round = 0; round < slowRounds; round += 1) {
    await delay(filesLagMs, signal);
    all.push(await stage.bring(stage.catalog(fleet.grow(hosts))));
  }
  return {
    plannedMs: median(all.map(({ plannedMs }) => plannedMs)),
    appliedMs: median(all.map(({ appliedMs }) => appliedMs)),
  };
}

/** One of many hosts has one endpoint more. */
async function* measureOne(hosts: number, signal: AbortSignal): ReturnType<Measurement['measure']> {
  await using stage = await openNginx('lua', signal);
  const fleet = new Fleet(hosts);
  await stage.bring(stage.catalog(fleet.services));
  let catalog = stage.catalog(fleet.services);
  const prepare = (): void => {
    catalog = stage.catalog(fleet.grow(1));
  };
  const { one, bare } = await interleave(
    { rounds, warmUpRounds, prepare },
    { one: () => stage.bring(catalog), bare: () => ask(stage.controlSocket, '/state') },
  );
  yield {
    what: `one new endpoint among ${hosts} hosts, planned and acknowledged`,
    value: median(one),
    unit: 'ms',
    ratio: median(one) / median(bare),
    against: 'one bare request to the control socket',
    samples: rounds,
  };
}

/** Over a connection of its own, as `curl` does it. */
async function ask(socketPath: string, path: string): Promise<void> {
  const outgoing = request({ socketPath, path, agent: false }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
}

interface Brought {
  readonly plannedMs: number;
  /** Until the acknowledgement of the dictionary, or the confirmed reload. */
  readonly appliedMs: number;
}

interface NginxStage extends AsyncDisposable {
  readonly controlSocket: string;
  /** The next version of the catalog. */
  catalog(services: Iterable<Service>): Catalog;
  /** Plans and applies. */
  bring(catalog: Catalog): Promise<Brought>;
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
    controlSocket: join(directory.path, 'signalbox', 'control', 'nginx.sock'),
    catalog(services) {
      version += 1;
      return catalogOf(services, version);
    },
    async bring(catalog) {
      let plannedMs = 0;
      let appliedMs = 0;
      for (;;) {
        const startedAtMs = performance.now();
        const plan = await sink.plan(catalog, context);
        plannedMs += performance.now() - startedAtMs;
        appliedMs += await time(() => plan.apply());
        if (plan.deferred === undefined) return { plannedMs, appliedMs };
        await delay(plan.deferred.afterMs, signal);
      }
    },
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]?.();
      await directory[Symbol.asyncDispose]();
    },
  };
}
