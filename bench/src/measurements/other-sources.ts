import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPipeline, type Source, silentLogger } from '@signalbox/core';
import { dns } from '@signalbox/source-dns';
import { file } from '@signalbox/source-file';
import { http } from '@signalbox/source-http';
import { queryDns } from '@signalbox/source-kit/dns';
import { mesosDns } from '@signalbox/source-mesos-dns';
import { reply, startFakeDns } from '@signalbox/testkit/dns';
import { createMesosDnsSimulator } from '@signalbox/testkit/mesos-dns';
import type { Measurement, Row } from '../measurement.ts';
import { startReplay } from '../replay/start-replay.ts';
import { createDirectory } from '../stage/directory.ts';
import { interleave, median } from '../statistics.ts';

const services = 500;
const endpointsPerService = 4;
const names = 200;
const rounds = 15;
/** As many questions at a time as the source asks. */
const questionsAtOnce = 8;

/** From nothing to the first catalog, of the sources beside Marathon. */
export const otherSources: Measurement = {
  id: 'sources',
  title: 'Read and catalog: file, http, dns, mesos-dns',
  async *measure({ signal, say }) {
    await using directory = await createDirectory();
    const path = join(directory.path, 'services.json');
    const text = JSON.stringify(describeServices());
    await writeFile(path, text);
    const size = `${services}×${endpointsPerService}`;

    say('file');
    yield await compare(`file, ${size}`, 'read + JSON.parse', {
      bare: async () => JSON.parse(await readFile(path, 'utf8')),
      read: () => collect(file({ files: [path] }), services, signal),
    });

    say('http');
    {
      await using replay = await startReplay({ path, text }, signal);
      yield await compare(`http, ${size}`, 'fetch + JSON.parse', {
        bare: () => readJson(replay.url, signal),
        read: () => collect(http({ urls: [replay.url] }), services, signal),
      });
    }

    say('dns');
    yield await measureDns(signal);
    say('mesos-dns');
    yield await measureMesosDns(size, signal);
  },
};

interface Compared {
  readonly bare: () => unknown;
  readonly read: () => unknown;
}

async function compare(what: string, against: string, works: Compared): Promise<Row> {
  const { bare, read } = await interleave({ rounds, warmUpRounds: 3 }, { bare: works.bare, read: works.read });
  const value = median(read);
  return { what, value, unit: 'ms', ratio: value / median(bare), against, samples: rounds };
}

async function collect(source: Source, count: number, signal: AbortSignal): Promise<void> {
  const pipeline = createPipeline({ sources: { bench: source }, sinks: {}, logger: silentLogger });
  const { services: found } = await pipeline.collect(signal);
  if (found.size !== count) throw new Error(`the catalog has ${found.size} services, not ${count}`);
}

async function readJson(url: string, signal: AbortSignal): Promise<unknown> {
  return (await fetch(url, { signal })).json();
}

/** One question for each name, answered at once by a server in this process. */
async function measureDns(signal: AbortSignal): Promise<Row> {
  const asked = Array.from({ length: names }, (_, index) => `app-${index}.bench.test`);
  await using server = await startFakeDns((query) => {
    const name = query.questions?.[0]?.name ?? '';
    const address = (place: number) => ({ type: 'A' as const, name, ttl: 60, data: `10.0.0.${place + 1}` });
    return [
      reply(
        query,
        Array.from({ length: endpointsPerService }, (_, place) => address(place)),
      ),
    ];
  });
  const { host, port } = server.server;
  const askAll = async (): Promise<void> => {
    const queue = asked.values();
    const askOne = async (): Promise<void> => {
      for (const name of queue) await queryDns(name, 'A', { servers: [server.server], signal });
    };
    await Promise.all(Array.from({ length: questionsAtOnce }, askOne));
  };
  const options = asked.map((name) => ({ name, type: 'A' as const, endpointPort: 80 }));
  return await compare(`dns, ${names} names with ${endpointsPerService} addresses`, 'the bare questions', {
    bare: askAll,
    read: () => collect(dns({ names: options, servers: [`${host}:${port}`] }), names, signal),
  });
}

/** The simulator makes its answers in this process, so both sides wait for that. */
async function measureMesosDns(size: string, signal: AbortSignal): Promise<Row> {
  const simulator = await createMesosDnsSimulator({ refreshMs: 0 });
  try {
    for (let index = 0; index < services * endpointsPerService; index += 1) {
      const hostPort = 20_000 + index;
      const ports = [{ number: hostPort, name: 'http', protocol: 'tcp' }];
      simulator.launch({ name: `app-${index % services}`, hostPorts: [hostPort], ports });
    }
    simulator.refresh();
    return await compare(`mesos-dns, ${size}`, 'fetch + JSON.parse of its two answers', {
      bare: async () => {
        for (const path of ['axfr', 'enumerate']) await readJson(`${simulator.url}/v1/${path}`, signal);
      },
      read: () => collect(mesosDns({ urls: [simulator.url] }), services, signal),
    });
  } finally {
    await simulator.close();
  }
}

function describeServices(): object {
  return {
    services: Array.from({ length: services }, (_, index) => ({
      name: `/bench/app-${String(index).padStart(5, '0')}`,
      port: 10_000 + index,
      labels: { team: `team-${index % 50}`, tier: 'backend' },
      endpoints: Array.from(
        { length: endpointsPerService },
        (_, place) => `10.${index >> 8}.${index & 255}.${place + 1}:${31_000 + place}`,
      ),
    })),
  };
}
