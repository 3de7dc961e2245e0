import { type MemorySink, memorySink, type ScriptedSource, scriptedSource, service, waitFor } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import { SourceError } from '../errors/source-error.ts';
import type { Service } from '../model/service.ts';
import type { PipelineEvent } from './events.ts';
import type { LastKnownGood, LastKnownGoodStore, PipelineOptions } from './options.ts';
import { createPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline-interface.ts';

const down = () => new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' });
const forbidden = () => new SourceError('wrong password', { code: 'SOURCE_UNAUTHORIZED' });
const quick = { settle: { minMs: 1, maxMs: 5 }, retry: { initialMs: 5, maxMs: 20 } };

const started: { controller: AbortController; ended: Promise<void> }[] = [];
afterEach(async () => {
  for (const { controller, ended } of started.splice(0)) {
    controller.abort();
    await ended.catch(() => {});
  }
});

interface Running {
  readonly pipeline: Pipeline;
  readonly events: PipelineEvent[];
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

function start(options: PipelineOptions): Running {
  const pipeline = createPipeline({ ...quick, ...options });
  const events: PipelineEvent[] = [];
  pipeline.subscribe((event) => events.push(event));
  const controller = new AbortController();
  const ended = pipeline.run(controller.signal);
  ended.catch(() => {});
  started.push({ controller, ended });
  const stop = (): Promise<void> => {
    controller.abort();
    return ended;
  };
  return { pipeline, events, ended, stop };
}

const web = (endpoints: number, source = 'test') => service('/web', { endpoints, source });
const served = (sink: MemorySink, id = 'test:/web#0') => sink.services.get(id)?.endpoints.length;

function memoryStore(initial: Record<string, LastKnownGood> = {}): LastKnownGoodStore & { saved: typeof initial } {
  const saved = { ...initial };
  return {
    saved,
    load: async (id) => saved[id],
    save: async (id, state) => {
      saved[id] = state;
    },
  };
}

test('what the source says arrives at the sink, and again after every change', async () => {
  const source = scriptedSource([web(1)]);
  const sink = memorySink();
  const { pipeline } = start({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 1);
  source.push([web(3)]);
  await waitFor(() => served(sink) === 3);
  expect(pipeline.status).toMatchObject({
    catalogVersion: 2,
    sources: { test: { health: 'fresh', services: 1, endpoints: 3 } },
    sinks: { memory: { health: 'in-sync', appliedVersion: 2 } },
  });
});

test('nothing is applied before every required source has answered', async () => {
  const [first, second] = [scriptedSource([web(1, 'first')]), scriptedSource()];
  const sink = memorySink();
  const { events } = start({ sources: { first, second }, sinks: { memory: sink } });
  await waitFor(() => events.some(({ type }) => type === 'source-sync'));
  expect(sink.plans).toBe(0);
  second.push([]);
  await waitFor(() => sink.services.size === 1);
});

test('an optional source that fails is not waited for', async () => {
  const optional = scriptedSource();
  optional.fail(down());
  const sink = memorySink();
  start({
    sources: { first: scriptedSource([web(1, 'first')]), second: { source: optional, required: false } },
    sinks: { memory: sink },
  });
  await waitFor(() => sink.services.size === 1);
});

test('an error removes nothing; the status says stale, and fresh when the source is back', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  const { pipeline, events } = start({ sources: { test: source }, sinks: { memory: sink } });
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
  const { events } = start({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 2, { timeoutMs: 10_000 });
  expect(events.find(({ type }) => type === 'source-error')).toMatchObject({ error: { code: 'SOURCE_ENDED' } });
});

test('a source that never answered and fails for good ends the run; sinks are disposed', async () => {
  const source = scriptedSource();
  source.fail(forbidden());
  const sink = memorySink();
  const { ended } = start({ sources: { test: source }, sinks: { memory: sink } });
  await expect(ended).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORIZED', plugin: { id: 'test', kind: 'source' } });
  expect(sink.disposed).toBe(true);
});

test('a source that has answered once and fails for good is only marked failed', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  const { pipeline } = start({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 2);
  source.fail(forbidden());
  await waitFor(() => pipeline.status.sources.test?.health === 'failed');
  expect(served(sink)).toBe(2);
});

test('a source that breaks the contract is named', async () => {
  const { ended } = start({ sources: { test: scriptedSource([web(1, 'other')]) }, sinks: {} });
  await expect(ended).rejects.toMatchObject({
    code: 'PLUGIN_CONTRACT',
    message: expect.stringContaining('other:/web'),
  });
});

test('the last good set is kept across a restart, and used while the source does not answer', async () => {
  const store = memoryStore();
  const first = start({ sources: { test: scriptedSource([web(2)]) }, sinks: {}, lastKnownGood: store });
  await waitFor(() => first.pipeline.catalog);
  await first.stop();
  expect(store.saved.test?.services).toHaveLength(1);

  const source = scriptedSource();
  source.fail(down());
  const sink = memorySink();
  const second = start({ sources: { test: source }, sinks: { memory: sink }, lastKnownGood: store });
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
  const running = start({
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
  const { pipeline } = start({ sources: { test: scriptedSource([]) }, sinks: { memory: sink }, lastKnownGood: store });
  await waitFor(() => served(sink) === 2);
  expect(pipeline.status.sources.test).toMatchObject({ health: 'stale', holds: [{ rule: 'onEmpty' }] });
});

test('a hold ends when an operator confirms', async () => {
  const source = scriptedSource([web(10)]);
  const sink = memorySink();
  const { pipeline, events } = start({ sources: { test: source }, sinks: { memory: sink } });
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
  const { events } = start({ sources: { test: source }, sinks: { memory: sink }, guards });
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

test('an endpoint that goes does not wait for quiet; one that comes does', async () => {
  const source = scriptedSource([web(2)]);
  const sink = memorySink();
  start({ sources: { test: source }, sinks: { memory: sink }, settle: { minMs: 60_000, maxMs: 60_000 } });
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
  const { pipeline } = start({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => pipeline.status.sinks.memory?.health === 'failing');
  source.push([web(2)]);
  await waitFor(() => served(sink) === 2, { timeoutMs: 10_000 });
  expect(sink.applied.map(({ version }) => version)).toEqual([2]);
  expect(pipeline.status.sinks.memory).toMatchObject({ health: 'in-sync', attempts: 0 });
});

test('sinks do not wait for each other, and a slow one skips to the newest', async () => {
  const source = scriptedSource([web(1)]);
  const [slow, fast] = [memorySink(), memorySink()];
  const release = slow.pause('apply');
  start({ sources: { test: source }, sinks: { slow, fast } });
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
  start({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink }, resyncMs: 20 });
  await waitFor(() => served(sink) === 1);
  sink.tamper('test:/web#0', undefined);
  await waitFor(() => served(sink) === 1);
});

test('an abort lets a running apply finish, then disposes', async () => {
  const sink = memorySink();
  const release = sink.pause('apply');
  const { stop, pipeline } = start({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink } });
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
  const { stop } = start({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink }, gracePeriodMs: 20 });
  await waitFor(() => sink.plans === 1);
  await stop();
  expect(sink.services.size).toBe(0);
});

test('transforms stand where they were put: behind a source, behind all, before a sink', async () => {
  const label = (key: string, seen: string[][] = []) => {
    const transform = (services: readonly Service[]): Service[] => {
      seen.push(services.map(({ id }) => id));
      return services.map((one) => ({ ...one, labels: { ...one.labels, [key]: 'yes' } }));
    };
    return { transform };
  };
  const [left, right] = [memorySink(), memorySink()];
  start({
    sources: {
      a: { source: scriptedSource([web(1, 'a')]), transforms: [label('source')] },
      b: scriptedSource([web(1, 'b')]),
    },
    transforms: [label('pipeline')],
    sinks: { left: { sink: left, transforms: [label('sink')] }, right },
  });
  await waitFor(() => left.services.size === 2 && right.services.size === 2);
  expect(left.services.get('a:/web#0')?.labels).toEqual({ source: 'yes', pipeline: 'yes', sink: 'yes' });
  expect(left.services.get('b:/web#0')?.labels).toEqual({ pipeline: 'yes', sink: 'yes' });
  expect(right.services.get('b:/web#0')?.labels).toEqual({ pipeline: 'yes' });
});

test('a transform that throws keeps its last result, and is reported', async () => {
  let broken = false;
  const transform = {
    transform(services: readonly Service[]) {
      if (broken) throw new Error('a bug');
      return services;
    },
  };
  const source = scriptedSource([web(1)]);
  const sink = memorySink();
  const { events } = start({ sources: { test: source }, transforms: [transform], sinks: { memory: sink } });
  await waitFor(() => served(sink) === 1);
  broken = true;
  source.push([web(2)]);
  await waitFor(() => events.some(({ type }) => type === 'transform-error'));
  expect(served(sink)).toBe(1);
  broken = false;
  source.push([web(3)]);
  await waitFor(() => served(sink) === 3);
});

test("a transform's own inputs bring the services through again", async () => {
  let suffix = 'one';
  const inputs: ScriptedSource = scriptedSource();
  const transform = {
    transform: (services: readonly Service[]) => services.map((one) => ({ ...one, labels: { suffix } })),
    changes: inputs.watch,
  };
  const sink = memorySink();
  start({ sources: { test: scriptedSource([web(1)]) }, transforms: [transform], sinks: { memory: sink } });
  await waitFor(() => sink.services.get('test:/web#0')?.labels.suffix === 'one');
  suffix = 'two';
  inputs.push([]);
  await waitFor(() => sink.services.get('test:/web#0')?.labels.suffix === 'two');
});

test('an unchanged service stays the same object from catalog to catalog', async () => {
  const source = scriptedSource([web(1), service('/other')]);
  const sink = memorySink();
  start({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 1);
  const before = sink.services.get('test:/other#0');
  source.push([web(2), service('/other')]);
  await waitFor(() => served(sink) === 2);
  expect(sink.services.get('test:/other#0')).toBe(before);
});

test('plan touches nothing, once applies once, both fail at the first failure of a required source', async () => {
  const { signal } = new AbortController();
  const sink = memorySink();
  const store = memoryStore();
  const options = () => ({
    sources: { test: scriptedSource([web(1)]) },
    sinks: { memory: sink },
    lastKnownGood: store,
  });
  const plans = await createPipeline(options()).plan(signal);
  expect(plans.map(({ sink, plan }) => [sink, plan.changes.length])).toEqual([['memory', 1]]);
  expect(sink.services.size).toBe(0);
  expect(store.saved).toEqual({});
  await createPipeline(options()).once(signal);
  expect(served(sink)).toBe(1);
  expect((await createPipeline(options()).plan(signal))[0]?.plan.changes).toEqual([]);

  const failing = scriptedSource();
  failing.fail(down());
  const attempt = createPipeline({ sources: { test: failing }, sinks: { memory: sink }, lastKnownGood: store });
  await expect(attempt.once(signal)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  expect(served(sink)).toBe(1);
});

test('collect gives the catalog without asking a sink', async () => {
  const sink = memorySink();
  const pipeline = createPipeline({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink } });
  const catalog = await pipeline.collect(new AbortController().signal);
  expect([...catalog.services.keys()]).toEqual(['test:/web#0']);
  expect(sink.plans).toBe(0);
  await expect(pipeline.collect(new AbortController().signal)).rejects.toMatchObject({ code: 'PIPELINE_REUSED' });
});

test('a listener that throws does not stop the others', async () => {
  const sink = memorySink();
  const pipeline = createPipeline({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: sink } });
  pipeline.subscribe(() => {
    throw new Error('a bug in a view');
  });
  await pipeline.once(new AbortController().signal);
  expect(served(sink)).toBe(1);
});
