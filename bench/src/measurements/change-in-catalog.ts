import { type Catalog, createPipeline, type Service, type Sink } from '@signalbox/core';
import { endpoint, scriptedSource, service } from '@signalbox/testkit';
import type { Measurement } from '../measurement.ts';
import { median, time } from '../statistics.ts';

const services = 10_000;
const endpointsPerService = 4;
const rounds = 20;
const warmUpRounds = 10;

/** One endpoint of one service goes or comes; everything else is the same. From the source's yield to the call of the sink's plan. */
export const changeInCatalog: Measurement = {
  id: 'change',
  title: `One change among ${services} services`,
  async *measure({ signal, say }) {
    say(`${services} services, ${rounds} rounds`);
    const all = createServices();
    const text = JSON.stringify(all);
    const source = scriptedSource(all);
    const sink = awaitPlans();
    const stopping = new AbortController();
    const pipeline = createPipeline({
      sources: { bench: source },
      sinks: { sink },
      settle: { minMs: 0, maxMs: 0 },
      guards: { maxRemovedPercent: 100 },
    });
    const running = pipeline.run(AbortSignal.any([stopping.signal, signal]));
    running.catch(() => {});
    await sink.next();

    const reaching = async (next: readonly Service[]): Promise<number> => {
      const planned = sink.next();
      return time(async () => {
        source.push(next);
        await planned;
      });
    };
    const parses: number[] = [];
    const changes: number[] = [];
    const equals: number[] = [];
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const index = (round + warmUpRounds) % services;
      const fewer = [...all];
      fewer[index] = { ...all[index]!, endpoints: all[index]!.endpoints.slice(1) };
      const parseMs = await time(() => JSON.parse(text));
      const changeMs = await reaching(fewer);
      const copies = structuredClone(all);
      const equalMs = await reaching(copies);
      if (round < 0) continue;
      parses.push(parseMs);
      changes.push(changeMs);
      equals.push(equalMs);
    }
    stopping.abort();
    await running;

    const against = 'JSON.parse of the catalog';
    const parseMs = median(parses);
    yield {
      what: 'the others are the same objects',
      value: median(changes),
      unit: 'ms',
      ratio: median(changes) / parseMs,
      against,
      limit: { atMost: 0.1 },
      samples: rounds,
    };
    yield {
      what: 'the others are equal, but new objects',
      value: median(equals),
      unit: 'ms',
      ratio: median(equals) / parseMs,
      against,
      samples: rounds,
    };
  },
};

function createServices(): readonly Service[] {
  return Array.from({ length: services }, (_, index) =>
    service(`/bench/app-${String(index).padStart(5, '0')}`, {
      source: 'bench',
      port: 10_000 + index,
      labels: { team: `team-${index % 50}`, tier: 'backend' },
      endpoints: Array.from({ length: endpointsPerService }, (_, place) =>
        endpoint({
          id: `task-${index}-${place}`,
          address: `10.${index >> 8}.${index & 255}.${place + 1}`,
          port: 31_000 + place,
        }),
      ),
    }),
  );
}

/** A sink that has nothing to do, and says when it was asked. */
function awaitPlans(): Sink & { next(): Promise<Catalog> } {
  let tell: (catalog: Catalog) => void = () => {};
  return {
    async plan(catalog) {
      tell(catalog);
      return { changes: [], warnings: [], apply: async () => {} };
    },
    next: () => new Promise((resolve) => (tell = resolve)),
  };
}
