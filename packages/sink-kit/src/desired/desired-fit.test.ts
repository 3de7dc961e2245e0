import { createServer } from 'node:net';
import { type Catalog, type Service, SinkError } from '@signalbox/core';
import { afterEach, expect, it } from 'vitest';
import { createJudge } from '../candidate/judge.ts';
import { type Circumstances, createDesiredFit, type FitOptions } from './desired-fit.ts';

interface Unit {
  readonly serviceId: string;
  readonly port: number;
}
interface Desired {
  readonly structureVersion: number;
  readonly units: readonly Unit[];
}

const { signal } = new AbortController();
const holders: { close(): unknown }[] = [];
afterEach(() => {
  for (const holder of holders.splice(0)) holder.close();
});

function catalogOf(...ids: string[]): Catalog {
  const services = ids.map((id): Service => ({ id, name: id, protocol: 'tcp', endpoints: [], labels: {} }));
  return { version: 1, services: new Map(services.map((service) => [service.id, service])) };
}

/** A proxy whose check refuses the services with these ids, and on which every service wants the ports. */
function createScene({ bad = [], ports = [] }: { bad?: readonly string[]; ports?: readonly number[] } = {}) {
  const checked: (readonly string[])[] = [];
  const judge = createJudge<readonly Unit[], Unit>({
    async check(units) {
      const ids = units.map(({ serviceId }) => serviceId);
      checked.push(ids);
      const found = ids.find((id) => bad.includes(id));
      if (found === undefined) return undefined;
      return new SinkError(`bad ${found}`, { code: 'SINK_CHECK_FAILED' });
    },
    itemsOf: (units) => units,
    keep: (_, units) => units,
    explain: ({ message }) => message,
  });
  const fit = createDesiredFit({ bindAddress: '127.0.0.1', judge });
  const seen: Circumstances[] = [];
  return {
    checked,
    seen,
    run(catalog: Catalog, options: Partial<FitOptions<Desired, readonly Unit[], string>> = {}) {
      return fit.fit<Desired, string>(
        {
          catalog,
          describe(circumstances) {
            seen.push(circumstances);
            const services = [...catalog.services.values()].filter((each) => !circumstances.refused.has(each));
            const free = ports.filter((port) => !circumstances.occupiedPorts.has(port));
            const units = services.flatMap(({ id }) => free.map((port) => ({ serviceId: id, port })));
            return { structureVersion: 1, units };
          },
          full: false,
          again: false,
          ports: { wanted: () => ports, findOwn: async () => () => false },
          conclude: ({ units }) => units.map(({ serviceId }) => serviceId).join(),
          question: ({ units }, hash) => ({ candidate: units, hash }),
          ...options,
        },
        signal,
      );
    },
  };
}

async function holdPort(): Promise<number> {
  const server = createServer();
  holders.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

it('leaves out what the check refuses, and remembers it until the service changes', async () => {
  const { run, seen } = createScene({ bad: ['b', 'd'], ports: [1] });
  const catalog = catalogOf('a', 'b', 'c', 'd');
  expect(await run(catalog)).toMatchObject({ outcome: 'a,c', refusal: undefined });
  expect([...(seen.at(-1)?.refused.values() ?? [])]).toEqual(['bad b', 'bad d']);
  const rounds = seen.length;
  expect((await run(catalog)).outcome).toBe('a,c');
  expect(seen.length).toBe(rounds + 1);
  // The objects are new ones.
  expect((await run(catalogOf('a', 'b', 'c', 'd'), { again: true })).outcome).toBe('a,c');
  expect(seen.length).toBeGreaterThan(rounds + 2);
});

it('says when nobody is to blame', async () => {
  const fit = createDesiredFit<string, Unit>({
    bindAddress: '127.0.0.1',
    judge: {
      judge: async () => ({ kind: 'refused', error: new SinkError('full', { code: 'SINK_APPLY_FAILED' }) }),
    },
  });
  const fitted = await fit.fit(
    {
      catalog: catalogOf('a'),
      describe: () => ({ structureVersion: 1 }),
      full: true,
      again: true,
      ports: undefined,
      conclude: () => 'outcome',
      question: () => ({ candidate: '', hash: '' }),
    },
    signal,
  );
  expect(fitted).toMatchObject({ outcome: 'outcome', refusal: { message: 'full' } });
});

it('asks no check about what runs already', async () => {
  const { run, checked } = createScene({ bad: ['a'], ports: [1] });
  expect((await run(catalogOf('a'), { question: () => undefined })).outcome).toBe('a');
  expect(checked).toEqual([]);
});

it('looks at ports once for each structure, and never at its own', async () => {
  const [foreign, own] = [await holdPort(), await holdPort()];
  const { run, seen } = createScene({ ports: [foreign, own] });
  const ports = { wanted: () => [foreign, own], findOwn: async () => (port: number) => port === own };
  const catalog = catalogOf('a');
  const { desired } = await run(catalog, { ports });
  expect(desired.units.map(({ port }) => port)).toEqual([own]);
  const rounds = seen.length;
  await run(catalog, { ports: { ...ports, findOwn: () => Promise.reject(new Error('was asked again')) } });
  expect(seen.length).toBe(rounds + 1);
  holders[0]?.close();
  expect((await run(catalog, { ports, full: true })).desired.units).toHaveLength(2);
});

it('takes a description that was made while others answered', async () => {
  const { run, seen } = createScene({ ports: [1] });
  const described: Desired = { structureVersion: 1, units: [{ serviceId: 'made before', port: 1 }] };
  expect((await run(catalogOf('a'), { described, question: () => undefined })).outcome).toBe('made before');
  expect(seen).toEqual([]);
});

it('tells nobody to be another process while it cannot know its own', async () => {
  const { run } = createScene({ ports: [await holdPort()] });
  expect((await run(catalogOf('a'), { ports: undefined })).desired.units).toHaveLength(1);
});

it('describes once more when a host name is resolved, also for what is only shown', async () => {
  const describe = ({ lookUp }: Circumstances) => ({ structureVersion: 1, address: lookUp('localhost') });
  const judge = { judge: async () => ({ kind: 'good' as const }) };
  const fit = createDesiredFit<string, Unit>({ bindAddress: '127.0.0.1', judge });
  expect((await fit.preview(describe, signal)).address).toMatch(/^(127\.0\.0\.1|::1)$/);
});
