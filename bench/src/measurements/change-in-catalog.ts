import { type Catalog, createPipeline, type Service, type Sink, withAbort } from '@signalbox/core';
import { endpoint, scriptedSource, service } from '@signalbox/testkit';
import type { Measurement, Row } from '../measurement.ts';
import { median, time } from '../statistics.ts';

const services = 10_000;
const endpointsPerService = 4;
const rounds = 20;
const warmUpRounds = 10;
const planTimeoutMs = 10_000;

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
    // One after the other: what is copied for the second would be garbage for the first.
    const change = await alternate(text, (round) => reaching(withChange(all, round)));
    const equal = await alternate(text, (round) => reaching(structuredClone(withChange(all, round))));
    stopping.abort();
    await running;

    yield toRow('the others are the same objects', change, { atMost: 0.1 });
    yield toRow('the others are equal, but new objects', equal);
  },
};

interface Durations {
  readonly parses: readonly number[];
  readonly changes: readonly number[];
}

/** Parses and changes in turns, so that noise hits both. */
async function alternate(text: string, change: (round: number) => Promise<number>): Promise<Durations> {
  const parses: number[] = [];
  const changes: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const parseMs = await time(() => JSON.parse(text));
    const changeMs = await change(round + warmUpRounds);
    if (round < 0) continue;
    parses.push(parseMs);
    changes.push(changeMs);
  }
  return { parses, changes };
}

function toRow(what: string, { parses, changes }: Durations, limit?: { readonly atMost: number }): Row {
  const value = median(changes);
  const ratio = value / median(parses);
  const against = 'JSON.parse of the catalog';
  return { what, value, unit: 'ms', ratio, against, samples: rounds, ...(limit === undefined ? {} : { limit }) };
}

/** One service has an endpoint less; another one than in the round before, which gets its own back. */
function withChange(all: readonly Service[], round: number): readonly Service[] {
  return all.map((item, index) =>
    index === round % services ? { ...item, endpoints: item.endpoints.slice(1) } : item,
  );
}

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
    next: () => withAbort(new Promise((resolve) => (tell = resolve)), AbortSignal.timeout(planTimeoutMs)),
  };
}
