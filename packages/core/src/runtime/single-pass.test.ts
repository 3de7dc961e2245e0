import { type MemorySink, memorySink, scriptedSource, service } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import { SourceError } from '../errors/source-error.ts';
import type { Service } from '../model/service.ts';
import type { PipelineEvent } from './events.ts';
import { createPipeline } from './pipeline.ts';
import { memoryStore, stopPipelines } from './testing/start-pipeline.ts';

const down = () => new SourceError('no answer', { code: 'SOURCE_UNREACHABLE' });
afterEach(stopPipelines);

const web = (endpoints: number, source = 'test') => service('/web', { endpoints, source });
const served = (sink: MemorySink, id = 'test:/web#0') => sink.services.get(id)?.endpoints.length;

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

test('a transform that fails before there was a result ends a single pass', async () => {
  const transform = {
    transform(): never {
      throw new Error('a bug');
    },
  };
  const options = () => ({ sources: { test: scriptedSource([web(1)]) }, sinks: { memory: memorySink() } });
  const { signal } = new AbortController();
  const failure = { message: 'a bug', plugin: { kind: 'transform' } };
  await expect(createPipeline({ ...options(), transforms: [transform] }).once(signal)).rejects.toMatchObject(failure);
  const lane = { sinks: { memory: { sink: memorySink(), transforms: [transform] } } };
  await expect(createPipeline({ ...options(), ...lane }).plan(signal)).rejects.toMatchObject(failure);
});

test('a single pass waits for a transform whose own inputs are not known yet', async () => {
  let isKnown = false;
  const transform = {
    transform(services: readonly Service[]) {
      if (!isKnown) throw new Error('the rules are not known yet');
      return services;
    },
    async *changes() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      isKnown = true;
      yield;
      await new Promise(() => {});
    },
  };
  const pipeline = createPipeline({ sources: { test: scriptedSource([web(1)]) }, transforms: [transform], sinks: {} });
  expect((await pipeline.collect(new AbortController().signal)).services.size).toBe(1);
});

test('every sink is tried, and every failure is told', async () => {
  const [first, second, third] = [memorySink(), memorySink(), memorySink()];
  first.failNext('plan');
  third.failNext('apply');
  const pipeline = createPipeline({ sources: { test: scriptedSource([web(1)]) }, sinks: { first, second, third } });
  await expect(pipeline.once(new AbortController().signal)).rejects.toMatchObject({
    code: 'SINK_UNREACHABLE',
    message: '2 sinks failed: first: planning was told to fail; third: applying was told to fail',
    cause: { errors: [{ plugin: { id: 'first' } }, { plugin: { id: 'third' } }] },
  });
  expect(served(second)).toBe(1);
});

test('an abort is no error', async () => {
  const controller = new AbortController();
  const pipeline = createPipeline({ sources: { test: scriptedSource() }, sinks: {} });
  const events: PipelineEvent[] = [];
  pipeline.subscribe((event) => events.push(event));
  const collecting = pipeline.collect(controller.signal);
  controller.abort(new Error('enough'));
  await expect(collecting).rejects.toThrow('enough');
  expect(events.at(-1)).toEqual({ type: 'pipeline-end', at: expect.any(Number) });
});
