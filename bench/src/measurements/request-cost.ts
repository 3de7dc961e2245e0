import { endpoint, freePort, service, startOrigin, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { writeBare } from '../stage/bare-command.ts';
import { openSink } from '../stage/open-sink.ts';
import { startPlainHaproxy } from '../stage/plain-haproxy.ts';
import { readProcessorTimeMs } from '../stage/processor-time.ts';
import { median } from '../statistics.ts';

const services = 1_000;
const hostnames = Array.from({ length: services }, (_, index) => `app-${index}.bench.test`);
/** Each asked over one connection. */
const asked = hostnames.filter((_, index) => index % 125 === 0);
/** Short slices in turns: what disturbs lasts longer than one of them. */
const requestsPerSlice = 500;
const warmUpRounds = 3;

interface Side {
  readonly pid: number;
  readonly port: number;
}

/** What HAProxy itself takes to lead one request by its host name, as we configure it and as one would by hand. */
export const requestCost: Measurement = {
  id: 'request',
  title: `Processor time of HAProxy for one request, ${services} host names`,
  async *measure({ full, signal, say }) {
    const rounds = full ? 120 : 40;
    await using origin = await startOrigin('one');
    const port = await freePort(benchAddress);
    await using stage = await openSink({ sharedPort: port, signal });
    const endpoints = [endpoint({ port: origin.port })];
    await stage.bring(
      stage.catalog(
        hostnames.map((hostname, index) =>
          service(`app-${index}`, { appProtocol: 'http', routes: [{ hostnames: [hostname] }], endpoints }),
        ),
      ),
    );
    await using plain = await startPlainHaproxy({ hostnames, originPort: origin.port, signal });
    const ours: Side = { pid: await findPid(stage.runtimeSocket), port };
    const cost = { ours: [] as number[], plain: [] as number[] };
    say(`${rounds} slices of ${requestsPerSlice} requests each`);
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const measured = { ours: await measureSlice(ours, signal), plain: await measureSlice(plain, signal) };
      if (round < 0) continue;
      cost.ours.push(measured.ours);
      cost.plain.push(measured.plain);
    }
    yield {
      what: 'one request, led by its host name',
      value: median(cost.ours),
      unit: 'ms',
      ratio: median(cost.ours) / median(cost.plain),
      against: 'by hand, with a plain map',
      limit: { atMost: 1.05 },
      samples: rounds,
    };
  },
};

async function findPid(runtimeSocket: string): Promise<number> {
  // Management guide, "show info".
  const [, pid] = /^Pid: (\d+)$/m.exec(await writeBare(runtimeSocket, 'show info')) ?? [];
  if (pid === undefined) throw new Error('HAProxy does not say its pid');
  return Number(pid);
}

/** Milliseconds for each request. */
async function measureSlice({ pid, port }: Side, signal: AbortSignal): Promise<number> {
  const before = await readProcessorTimeMs(pid);
  const load = startLoad({
    targets: asked.map((host) => ({ url: `http://${benchAddress}:${port}/some/path`, headers: { host } })),
    maxRequests: requestsPerSlice,
    signal,
  });
  await waitFor(() => load.report().requests === requestsPerSlice, { signal, description: 'the answers of a slice' });
  const { failed } = await load.stop();
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return ((await readProcessorTimeMs(pid)) - before) / requestsPerSlice;
}
