import { memorySink, scriptedSource, service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import { SourceError } from '../errors/source-error.ts';
import { Cell } from '../helpers/cell.ts';
import type { Service } from '../model/service.ts';
import { createPipeline } from './pipeline.ts';
import { memoryStore } from './testing/start-pipeline.ts';
import type { PipelineTrace } from './trace.ts';

const { signal } = new AbortController();
const web = (endpoints = 1) => service('/web', { endpoints, source: 'test' });
const down = () => new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' });

const renaming = (suffix: string) => ({
  transform: (services: readonly Service[]) => services.map((each) => ({ ...each, name: `${each.name}${suffix}` })),
});
const names = (set: Iterable<Service> | undefined) => set && [...set].map(({ name }) => name);

test('a trace shows what passes every point, from the source to the sink', async () => {
  const pipeline = createPipeline({
    sources: { test: { source: scriptedSource([web()]), transforms: [renaming('-s')] } },
    transforms: [renaming('-a'), renaming('-b')],
    sinks: { plain: memorySink(), own: { sink: memorySink(), transforms: [renaming('-k')] } },
  });
  expect(pipeline.trace).toMatchObject({ sources: {}, transforms: [undefined, undefined], catalog: undefined });
  await pipeline.inspect(signal, ({ firstCatalog }) => firstCatalog());
  const { sources, transforms, catalog, sinks } = pipeline.trace;
  expect(names(sources.test?.announced)).toEqual(['/web']);
  expect(sources.test?.inForce).toBe(sources.test?.announced);
  expect(sources.test?.transforms.map(names)).toEqual([['/web-s']]);
  expect(transforms.map(names)).toEqual([['/web-s-a'], ['/web-s-a-b']]);
  expect(sinks.plain).toEqual({ transforms: [], catalog });
  expect(names(sinks.own?.catalog?.services.values())).toEqual(['/web-s-a-b-k']);
  expect(sinks.own?.transforms.map(names)).toEqual([['/web-s-a-b-k']]);
});

test('what a step left alone is the same object on both sides of it', async () => {
  const [kept, dropped] = [web(), service('/old', { source: 'test' })];
  const pipeline = createPipeline({
    sources: { test: scriptedSource([dropped, kept]) },
    transforms: [{ transform: (services: readonly Service[]) => services.filter(({ name }) => name === '/web') }],
    sinks: {},
  });
  await pipeline.inspect(signal, ({ firstCatalog }) => firstCatalog());
  expect(pipeline.trace.transforms[0]?.[0]).toBe(pipeline.trace.sources.test?.inForce?.[1]);
});

test('a trace comes after every change of a set, and whoever is slow gets the newest', async () => {
  const source = scriptedSource([web(1)]);
  const sink = memorySink();
  const pipeline = createPipeline({ sources: { test: source }, sinks: { memory: sink } });
  const counts: (number | undefined)[] = [];
  await pipeline.inspect(signal, async ({ traces }) => {
    for await (const { catalog } of traces()) {
      const count = catalog?.services.get('test:/web#0')?.endpoints.length;
      counts.push(count);
      if (count === 1) {
        for (const endpoints of [2, 2, 3, 4]) source.push([web(endpoints)]);
        while (pipeline.catalog?.version !== 4) await new Promise(setImmediate);
      }
      if (count === 4) return;
    }
  });
  expect(counts.filter((count) => count !== undefined)).toEqual([1, 4]);
  expect(sink.plans).toBe(0);
  expect(sink.disposed).toBe(true);
});

test('a change that ends in one transform is still a change', async () => {
  const input = new Cell<string>();
  const tagging = {
    transform: (services: readonly Service[]) =>
      services.map((each) => ({ ...each, labels: { tag: input.value ?? '' } })),
    async *changes(context: { readonly signal: AbortSignal }) {
      for (;;) {
        await input.changedSince(input.version, context.signal);
        yield;
      }
    },
  };
  const clearing = { transform: (services: readonly Service[]) => services.map((each) => ({ ...each, labels: {} })) };
  const own = { sink: memorySink(), transforms: [tagging] };
  const pipeline = createPipeline({
    sources: { test: scriptedSource([web()]) },
    transforms: [tagging, clearing],
    sinks: { own },
  });
  const seen: unknown[] = [];
  await pipeline.inspect(signal, async ({ traces }) => {
    for await (const { transforms, catalog, sinks } of traces()) {
      if (catalog === undefined) continue;
      const tagOf = (set: Iterable<Service> = []) => [...set][0]?.labels.tag;
      seen.push([tagOf(transforms[0]), tagOf(sinks.own?.catalog?.services.values()), catalog.version]);
      if (seen.length === 1) setTimeout(() => input.set('x'), 5);
      if (tagOf(transforms[0]) === 'x' && tagOf(sinks.own?.catalog?.services.values()) === 'x') return;
    }
  });
  expect(seen[0]).toEqual(['', '', 1]);
  expect(seen.at(-1)).toEqual(['x', 'x', 1]);
});

test('what a guard holds back is announced, and not in force', async () => {
  const lastKnownGood = memoryStore({ test: { syncedAt: Date.now(), services: [web(3)] } });
  const pipeline = createPipeline({ sources: { test: scriptedSource([]) }, sinks: {}, lastKnownGood });
  const trace = await pipeline.inspect(signal, async ({ firstCatalog }) => {
    await firstCatalog();
    return pipeline.trace;
  });
  expect(trace.sources.test).toMatchObject({ announced: [], inForce: [{ name: '/web' }] });
  expect(pipeline.status.sources.test?.holds).toHaveLength(1);
  expect(lastKnownGood.saved.test?.services).toEqual([web(3)]);
});

test('a sink plans when it is asked, and nothing is applied', async () => {
  const sink = memorySink();
  const pipeline = createPipeline({ sources: { test: scriptedSource([web()]) }, sinks: { memory: sink } });
  await pipeline.inspect(signal, async ({ plan }) => {
    expect((await plan('memory')).changes).toHaveLength(1);
    expect((await plan('memory')).changes).toHaveLength(1);
    await expect(plan('edge')).rejects.toMatchObject({ message: 'there is no sink "edge"' });
    sink.failNext('plan');
    await expect(plan('memory')).rejects.toMatchObject({ code: 'SINK_UNREACHABLE', plugin: { id: 'memory' } });
  });
  expect(sink.applied).toEqual([]);
});

test('a single look ends with the first failure, unless an earlier run knows better; a longer one asks again', async () => {
  const failing = () => {
    const source = scriptedSource();
    source.fail(down());
    return source;
  };
  const look = (values: Partial<Parameters<typeof createPipeline>[0]>, singlePass: boolean) =>
    createPipeline({ sources: { test: failing() }, sinks: {}, retry: { initialMs: 1 }, ...values }).inspect(
      signal,
      async ({ firstCatalog }) => (await firstCatalog()).services.size,
      { singlePass },
    );
  await expect(look({}, true)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  const lastKnownGood = memoryStore({ test: { syncedAt: 1, services: [web()] } });
  expect(await look({ lastKnownGood }, true)).toBe(1);
  const source = failing();
  source.push([web(), service('/api', { source: 'test' })]);
  expect(await look({ sources: { test: source } }, false)).toBe(2);
});

test('an abort ends whoever follows', async () => {
  const controller = new AbortController();
  const pipeline = createPipeline({ sources: { test: scriptedSource([web()]) }, sinks: {} });
  const traces: PipelineTrace[] = [];
  const following = pipeline.inspect(controller.signal, async (inspection) => {
    for await (const trace of inspection.traces()) {
      traces.push(trace);
      if (trace.catalog !== undefined) controller.abort(new Error('enough'));
    }
  });
  await expect(following).rejects.toThrow('enough');
  expect(traces.at(-1)?.catalog?.services.size).toBe(1);
});
