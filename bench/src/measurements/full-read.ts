import { createPipeline } from '@signalbox/core';
import { marathon } from '@signalbox/source-marathon';
import { describeSize, type Size } from '../cluster/apps.ts';
import type { Measurement, Row } from '../measurement.ts';
import { recordAnswer } from '../replay/record-answer.ts';
import { startReplay } from '../replay/start-replay.ts';
import { createDirectory } from '../stage/directory.ts';
import { interleave, median } from '../statistics.ts';

/** From nothing to the first catalog. */
export const fullRead: Measurement = {
  id: 'read',
  title: 'Full read and catalog',
  async *measure({ full, signal, say }) {
    const sizes: Size[] = [
      { apps: 10, tasks: 5 },
      { apps: 100, tasks: 10 },
      ...(full ? [{ apps: 1_000, tasks: 10 }] : []),
      { apps: 5_000, tasks: 4 },
    ];
    for (const size of sizes) {
      say(describeSize(size));
      yield* await measureSize(size, signal);
    }
  },
};

async function measureSize(size: Size, signal: AbortSignal): Promise<readonly Row[]> {
  await using directory = await createDirectory();
  const answer = await recordAnswer(size, directory.path, signal);
  await using replay = await startReplay(answer, signal);
  const rounds = size.apps > 500 ? 5 : 15;
  const { parse, fetched, read } = await interleave(
    { rounds },
    {
      parse: () => JSON.parse(answer.text),
      fetched: async () => (await fetch(replay.url, { signal })).json(),
      read: () => collect(replay.url, size, signal),
    },
  );
  const common = { value: median(read), unit: 'ms', samples: rounds } as const;
  const name = describeSize(size);
  return [
    {
      ...common,
      what: `read and catalog, ${name}`,
      ratio: median(read) / median(parse),
      against: 'JSON.parse',
      ...(size.apps === 5_000 ? { limit: { atMost: 3 } } : {}),
    },
    { ...common, what: `the same, ${name}`, ratio: median(read) / median(fetched), against: 'fetch + JSON.parse' },
  ];
}

async function collect(url: string, { apps }: Size, signal: AbortSignal): Promise<void> {
  const pipeline = createPipeline({ sources: { marathon: marathon({ urls: [url], stream: 'off' }) }, sinks: {} });
  const { services } = await pipeline.collect(signal);
  if (services.size !== apps) throw new Error(`the catalog has ${services.size} services, not ${apps}`);
}
