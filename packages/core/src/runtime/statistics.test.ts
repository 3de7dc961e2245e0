import { memorySink, scriptedSource, service } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import { SinkError } from '../errors/sink-error.ts';
import { SourceError } from '../errors/source-error.ts';
import type { Catalog } from '../model/catalog.ts';
import type { Sink } from '../plugin/sink.ts';
import type { SinkStatistics } from '../plugin/sink-statistics.ts';
import { createPipeline } from './pipeline.ts';
import { memoryStore, startPipeline, stopPipelines } from './testing/start-pipeline.ts';

afterEach(stopPipelines);

const { signal } = new AbortController();
const web = service('/web', { endpoints: 1, source: 'test' });

/** Counts one request for each service that it is asked for. */
const count = async ({ services }: Catalog): Promise<SinkStatistics> => ({
  services: new Map([...services.keys()].map((id) => [id, { totalRequests: 1, endpoints: new Map() }])),
});

const countingSink = (statistics: NonNullable<Sink['statistics']> = count): Sink => ({
  ...memorySink(),
  statistics,
});

test('a pipeline that never ran asks its sources first, each sink behind its own transforms', async () => {
  const transforms = [{ transform: () => [service('/other', { source: 'test' })] }];
  const pipeline = createPipeline({
    sources: { test: scriptedSource([web]) },
    sinks: { plain: memorySink(), one: countingSink(), two: { sink: countingSink(), transforms } },
  });
  const [plain, one, two] = await pipeline.statistics(signal);
  expect(plain).toEqual({ sink: 'plain' });
  expect([...(one?.statistics?.services.keys() ?? [])]).toEqual(['test:/web#0']);
  expect([...(two?.statistics?.services.keys() ?? [])]).toEqual(['test:/other#0']);
});

test('a pipeline that runs answers by its newest catalog, as often as it is asked', async () => {
  const { pipeline } = startPipeline({ sources: { test: scriptedSource([web]) }, sinks: { one: countingSink() } });
  await expect.poll(() => pipeline.catalog).toBeDefined();
  for (let times = 0; times < 2; times += 1) {
    const [one] = await pipeline.statistics(signal, { sink: 'one' });
    expect(one?.statistics?.services.get('test:/web#0')?.totalRequests).toBe(1);
  }
});

test('a sink that fails or does not answer holds up no other, and is named', async () => {
  let wasAborted = false;
  const silent = countingSink(async (_catalog, context) => {
    context.signal.addEventListener('abort', () => {
      wasAborted = true;
    });
    return new Promise(() => {});
  });
  const failing = countingSink(async () => {
    throw new SinkError('no such socket', { code: 'SINK_REFUSED' });
  });
  const pipeline = createPipeline({
    sources: { test: scriptedSource([web]) },
    sinks: { silent, failing, good: countingSink() },
  });
  const readings = await pipeline.statistics(signal, { timeoutMs: 20 });
  expect(readings.map(({ sink, error }) => [sink, error?.code, error?.plugin?.id])).toEqual([
    ['silent', 'SINK_UNREACHABLE', 'silent'],
    ['failing', 'SINK_REFUSED', 'failing'],
    ['good', undefined, undefined],
  ]);
  expect(wasAborted).toBe(true);
});

test('for a source that does not answer stands what it said in an earlier run, and without that its error', async () => {
  const options = () => {
    const source = scriptedSource();
    source.fail(new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' }));
    return { sources: { test: source }, sinks: { one: countingSink() } };
  };
  const lastKnownGood = memoryStore({ test: { syncedAt: 1, services: [web] } });
  const [one] = await createPipeline({ ...options(), lastKnownGood }).statistics(signal);
  expect(one?.statistics?.services.size).toBe(1);
  await expect(createPipeline(options()).statistics(signal)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
});

test('an abort ends the wait for a sink', async () => {
  const controller = new AbortController();
  const pipeline = createPipeline({
    sources: { test: scriptedSource([web]) },
    sinks: { silent: countingSink(() => new Promise(() => {})) },
  });
  const reading = pipeline.statistics(controller.signal);
  setTimeout(() => controller.abort(new Error('enough')), 10);
  await expect(reading).rejects.toThrow('enough');
});
