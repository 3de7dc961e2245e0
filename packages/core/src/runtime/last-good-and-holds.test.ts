import { type MemorySink, memorySink, scriptedSource, service, waitFor } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import { SourceError } from '../errors/source-error.ts';
import { memoryStore, startPipeline, stopPipelines } from './testing/start-pipeline.ts';

const down = () => new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' });
afterEach(stopPipelines);

const web = (endpoints: number, source = 'test') => service('/web', { endpoints, source });
const served = (sink: MemorySink, id = 'test:/web#0') => sink.services.get(id)?.endpoints.length;

test('the last good set is kept across a restart, and used while the source does not answer', async () => {
  const store = memoryStore();
  const first = startPipeline({ sources: { test: scriptedSource([web(2)]) }, sinks: {}, lastKnownGood: store });
  await waitFor(() => first.pipeline.catalog);
  await first.stop();
  expect(store.saved.test?.services).toHaveLength(1);

  const source = scriptedSource();
  source.fail(down());
  const sink = memorySink();
  const second = startPipeline({ sources: { test: source }, sinks: { memory: sink }, lastKnownGood: store });
  await waitFor(() => served(sink) === 2);
  expect(second.pipeline.status.sources.test).toMatchObject({ health: 'stale', lastSyncAt: expect.any(Number) });
  source.push([web(3)]);
  await waitFor(() => served(sink) === 3, { timeoutMs: 10_000 });
});

test('a source that hangs at the start does not keep its last good set from being used', async () => {
  const source = scriptedSource();
  source.hang();
  const sink = memorySink();
  const store = memoryStore({ test: { syncedAt: Date.now(), services: [web(2)] } });
  const running = startPipeline({
    sources: { test: source },
    sinks: { memory: sink },
    lastKnownGood: store,
    firstSyncTimeoutMs: 20,
  });
  await waitFor(() => served(sink) === 2);
  expect(running.events.some(({ type }) => type === 'source-restore')).toBe(true);
  await running.stop();
});

test('a restart does not make an empty answer credible', async () => {
  const store = memoryStore({ test: { syncedAt: 0, services: [web(2)] } });
  const sink = memorySink();
  const { pipeline } = startPipeline({
    sources: { test: scriptedSource([]) },
    sinks: { memory: sink },
    lastKnownGood: store,
  });
  await waitFor(() => served(sink) === 2);
  expect(pipeline.status.sources.test).toMatchObject({ health: 'stale', holds: [{ rule: 'onEmpty' }] });
});

test('a hold ends when an operator confirms', async () => {
  const source = scriptedSource([web(10)]);
  const sink = memorySink();
  const { pipeline, events } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 10);
  source.push([]);
  await waitFor(() => pipeline.status.sources.test?.holds.length === 1);
  expect(served(sink)).toBe(10);
  pipeline.confirm('test');
  await waitFor(() => sink.services.size === 0);
  expect(events.find(({ type }) => type === 'guard-release')).toMatchObject({ cause: 'confirmed' });
});

test('a hold ends by itself after its time, and when a later state passes', async () => {
  const source = scriptedSource([web(10), service('/x')]);
  const sink = memorySink();
  const guards = { holdTimeoutMs: 300 };
  const { events } = startPipeline({ sources: { test: source }, sinks: { memory: sink }, guards });
  await waitFor(() => served(sink) === 10);
  source.push([web(2), service('/x')]);
  await waitFor(() => events.some(({ type }) => type === 'guard-hold'));
  source.push([web(8), service('/x')]);
  await waitFor(() => served(sink) === 8);
  expect(events.find(({ type }) => type === 'guard-release')).toMatchObject({ cause: 'recovered' });
  source.push([web(1), service('/x')]);
  await waitFor(() => served(sink) === 1);
  expect(events.findLast(({ type }) => type === 'guard-release')).toMatchObject({ cause: 'timeout' });
});

test('a listener may confirm a hold in the moment that it hears of it', async () => {
  const source = scriptedSource([web(10)], []);
  const sink = memorySink();
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: { memory: sink } }, (event, running) => {
    if (event.type === 'guard-hold') running.confirm(event.source);
  });
  await waitFor(() => pipeline.catalog?.services.size === 0);
  await waitFor(() => sink.services.size === 0);
  expect(pipeline.status.sources.test).toMatchObject({ health: 'fresh', holds: [], services: 0 });
});

test('an old set that was used for want of an answer is no measure for the answer', async () => {
  const source = scriptedSource();
  source.fail(down());
  const sink = memorySink();
  const store = memoryStore({ test: { syncedAt: 0, services: [web(20)] } });
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: { memory: sink }, lastKnownGood: store });
  await waitFor(() => served(sink) === 20);
  source.push([web(1)]);
  await waitFor(() => served(sink) === 1);
  expect(pipeline.status.sources.test?.holds).toEqual([]);
});

test('a restored service that the source still names stays the same object', async () => {
  const source = scriptedSource();
  source.fail(down());
  const store = memoryStore({ test: { syncedAt: 0, services: [web(2)] } });
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: {}, lastKnownGood: store });
  await waitFor(() => pipeline.catalog);
  source.push([web(2)]);
  await waitFor(() => pipeline.status.sources.test?.health === 'fresh');
  expect(pipeline.status.catalogVersion).toBe(1);
});

test('a last good set that makes no sense is reported, and not used', async () => {
  const store = memoryStore({ test: { syncedAt: 0, services: [web(1), web(1)] } });
  const source = scriptedSource();
  const { events } = startPipeline({
    sources: { test: source },
    sinks: {},
    lastKnownGood: store,
    firstSyncTimeoutMs: 1,
  });
  await waitFor(() => events.some(({ type }) => type === 'state-error'));
  source.push([web(1)]);
  await waitFor(() => events.some(({ type }) => type === 'catalog-change'));
});

test('a store that hangs does not keep a pipeline from ending', async () => {
  const hangs = (): Promise<never> => new Promise(() => {});
  const loading = startPipeline({
    sources: { test: scriptedSource([web(1)]) },
    sinks: {},
    lastKnownGood: { load: hangs, save: hangs },
  });
  await loading.stop();
  const saving = startPipeline({
    sources: { test: scriptedSource([web(1)]) },
    sinks: {},
    lastKnownGood: { load: async () => undefined, save: hangs },
    gracePeriodMs: 10,
  });
  await waitFor(() => saving.pipeline.catalog);
  await saving.stop();
});

test('what one source said is written, also when another ends the run', async () => {
  const store = memoryStore();
  const save: typeof store.save = async (...state) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.save(...state);
  };
  const failing = scriptedSource();
  const { ended, events } = startPipeline({
    sources: { a: scriptedSource([service('/web', { source: 'a' })]), b: failing },
    sinks: {},
    lastKnownGood: { ...store, save },
  });
  await waitFor(() => events.some(({ type }) => type === 'source-sync'));
  failing.fail(new SourceError('wrong password', { code: 'SOURCE_UNAUTHORIZED' }));
  await expect(ended).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORIZED' });
  expect(store.saved.a?.services).toHaveLength(1);
});
