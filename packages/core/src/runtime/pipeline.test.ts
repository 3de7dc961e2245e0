import { type MemorySink, memorySink, scriptedSource, service, waitFor } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import { SourceError } from '../errors/source-error.ts';
import { startPipeline, stopPipelines } from './testing/start-pipeline.ts';

const down = () => new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' });
const forbidden = () => new SourceError('wrong password', { code: 'SOURCE_UNAUTHORIZED' });
afterEach(stopPipelines);

const web = (endpoints: number, source = 'test') => service('/web', { endpoints, source });
const served = (sink: MemorySink, id = 'test:/web#0') => sink.services.get(id)?.endpoints.length;

test('what the source says arrives at the sink, and again after every change', async () => {
  const source = scriptedSource([web(1)]);
  const sink = memorySink();
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 1);
  source.push([web(3)]);
  await waitFor(() => served(sink) === 3);
  expect(pipeline.status).toMatchObject({
    catalogVersion: 2,
    sources: { test: { health: 'fresh', services: 1, endpoints: 3 } },
    sinks: { memory: { health: 'in-sync', appliedVersion: 2 } },
  });
});

test('what a source could not use is in its status for as long as it says so', async () => {
  const half = { message: 'b.yaml is half a file' };
  const source = scriptedSource({ services: [web(1)], warnings: [half] });
  const { pipeline, events } = startPipeline({ sources: { test: source }, sinks: {} });
  const warnings = () => pipeline.status.sources.test?.warnings;
  await waitFor(() => warnings()?.length === 1);
  expect(warnings()).toEqual([half]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'source-sync', warnings: [half] }));
  source.push([web(1)]);
  await waitFor(() => warnings()?.length === 0);
});

test('nothing is applied before every required source has answered', async () => {
  const [first, second] = [scriptedSource([web(1, 'first')]), scriptedSource()];
  const sink = memorySink();
  const { events } = startPipeline({ sources: { first, second }, sinks: { memory: sink } });
  await waitFor(() => events.some(({ type }) => type === 'source-sync'));
  expect(sink.plans).toBe(0);
  second.push([]);
  await waitFor(() => sink.services.size === 1);
});

test('an optional source that fails is not waited for', async () => {
  const optional = scriptedSource();
  optional.fail(down());
  const sink = memorySink();
  startPipeline({
    sources: { first: scriptedSource([web(1, 'first')]), second: { source: optional, required: false } },
    sinks: { memory: sink },
  });
  await waitFor(() => sink.services.size === 1);
});

test('an error removes nothing; the status says stale, and fresh when the source is back', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  const { pipeline, events } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 2);
  source.fail(down());
  await waitFor(() => pipeline.status.sources.test?.health === 'stale');
  expect(served(sink)).toBe(2);
  source.push([web(3)]);
  await waitFor(() => served(sink) === 3, { timeoutMs: 10_000 });
  expect(pipeline.status.sources.test).toMatchObject({ health: 'fresh', attempts: 0 });
  expect(events.find(({ type }) => type === 'source-error')).toMatchObject({ source: 'test', attempt: 1 });
});

test('a watch that ends by itself is a failure, and is started again', async () => {
  const source = scriptedSource([web(1)]);
  source.end();
  source.push([web(2)]);
  const sink = memorySink();
  const { events } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 2, { timeoutMs: 10_000 });
  expect(events.find(({ type }) => type === 'source-error')).toMatchObject({ error: { code: 'SOURCE_ENDED' } });
});

test('a source that never answered and fails for good ends the run; sinks are disposed', async () => {
  const source = scriptedSource();
  source.fail(forbidden());
  const sink = memorySink();
  const { ended } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await expect(ended).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORIZED', plugin: { id: 'test', kind: 'source' } });
  expect(sink.disposed).toBe(true);
});

test('a source that has answered once and fails for good is only marked failed', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 2);
  source.fail(forbidden());
  await waitFor(() => pipeline.status.sources.test?.health === 'failed');
  expect(served(sink)).toBe(2);
});

test('a source that breaks the contract is named', async () => {
  const { ended } = startPipeline({ sources: { test: scriptedSource([web(1, 'other')]) }, sinks: {} });
  await expect(ended).rejects.toMatchObject({
    code: 'PLUGIN_CONTRACT',
    message: expect.stringContaining('other:/web'),
  });
});

test('an endpoint that goes does not wait for quiet; one that comes does', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  startPipeline({ sources: { test: source }, sinks: { memory: sink }, settle: { minMs: 60_000, maxMs: 60_000 } });
  await waitFor(() => served(sink) === 2);
  source.push([web(3)]);
  await waitFor(() => source.remaining === 0);
  const plansBefore = sink.plans;
  source.push([web(1)]);
  await waitFor(() => served(sink) === 1);
  expect(sink.plans).toBe(plansBefore + 1);
});

test('a failed apply is retried with the newest catalog, and stays red until it worked', async () => {
  const source = scriptedSource([web(1)]);
  const sink = memorySink();
  sink.failNext('apply', { times: 2 });
  const health: unknown[] = [];
  const { pipeline } = startPipeline({ sources: { test: source }, sinks: { memory: sink } }, ({ type }) => {
    if (type !== 'sink-error') return;
    health.push(pipeline.status.sinks.memory?.health);
    if (health.length === 1) source.push([web(2)]);
  });
  await waitFor(() => served(sink) === 2, { timeoutMs: 10_000 });
  expect(health).toEqual(['failing', 'failing']);
  expect(pipeline.status.sinks.memory).toMatchObject({ health: 'in-sync', attempts: 0 });
});

test('sinks do not wait for each other, and a slow one skips to the newest', async () => {
  const source = scriptedSource([web(1)]);
  const [slow, fast] = [memorySink(), memorySink()];
  const release = slow.pause('apply');
  startPipeline({ sources: { test: source }, sinks: { slow, fast } });
  for (const count of [2, 3, 4]) {
    source.push([web(count)]);
    await waitFor(() => served(fast) === count);
  }
  expect(slow.applied).toEqual([]);
  release();
  await waitFor(() => served(slow) === 4);
  expect(slow.applied).toHaveLength(2);
});

test('drift is found at the resync', async () => {
  const sink = memorySink();
  startPipeline({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink }, resyncMs: 20 });
  await waitFor(() => served(sink) === 1);
  sink.tamper('test:/web#0', undefined);
  await waitFor(() => served(sink) === 1);
});

test('an abort lets a running apply finish, then disposes', async () => {
  const sink = memorySink();
  const release = sink.pause('apply');
  const { stop, pipeline } = startPipeline({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink } });
  await waitFor(() => pipeline.status.sinks.memory?.health === 'pending' && sink.plans === 1);
  const ended = stop();
  expect(sink.disposed).toBe(false);
  release();
  await ended;
  expect(sink.services.size).toBe(1);
  expect(sink.disposed).toBe(true);
});

test('an apply that never ends is given up after the grace period', async () => {
  const sink = memorySink();
  sink.pause('apply');
  const { stop } = startPipeline({
    sources: { test: scriptedSource([web(1)]) },
    sinks: { memory: sink },
    gracePeriodMs: 20,
  });
  await waitFor(() => sink.plans === 1);
  await stop();
  expect(sink.services.size).toBe(0);
});

test('many sources and sinks are no leak to warn of', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listener);
  try {
    const ids = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const sinks = ids.map((id) => [id, memorySink()] as const);
    startPipeline({
      sources: Object.fromEntries(ids.map((id) => [id, scriptedSource([web(1, id)])])),
      sinks: Object.fromEntries(sinks),
    });
    await waitFor(() => sinks.every(([, sink]) => sink.services.size === 30));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', listener);
  }
});
