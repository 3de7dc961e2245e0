import { memorySink, scriptedSource, service, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../model/service.ts';
import type { SourceUpdate } from '../plugin/source.ts';
import type { Transform } from '../plugin/transform.ts';
import { createPipeline } from './pipeline.ts';
import { startPipeline, stopPipelines } from './testing/start-pipeline.ts';

const web = (endpoints = 1): Service => service('/web', { endpoints });
const { signal } = new AbortController();

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  await stopPipelines();
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

const garbage: [string, unknown][] = [
  ['nothing', undefined],
  ['a string', 'services'],
  ['an object without services', {}],
  ['services that are no list', { services: 5 }],
  ['a service that is undefined', [undefined]],
  ['a map', new Map([['test:/web#0', web()]])],
  ['a service without an id', [{ ...web(), id: undefined }]],
  ['a service without endpoints', [{ ...web(), endpoints: undefined }]],
  ['a service without labels', [{ ...web(), labels: null }]],
  ['an endpoint that is null', [{ ...web(), endpoints: [null] }]],
  ['an endpoint without a port', [{ ...web(), endpoints: [{ id: 'a', address: '10.0.0.1' }] }]],
  ['one id twice', [web(), web()]],
];

describe('garbage', () => {
  test.each(garbage)('of a source breaks the contract: %s', async (_, update) => {
    const pipeline = createPipeline({ sources: { test: scriptedSource(update as SourceUpdate) }, sinks: {} });
    await expect(pipeline.collect(signal)).rejects.toMatchObject({ code: 'PLUGIN_CONTRACT', plugin: { id: 'test' } });
  });

  test.each(garbage)('of a transform is put right by its next result: %s', async (_, update) => {
    const transform: Transform = {
      transform: (services) => (services[0]?.labels.bad === 'yes' ? (update as Iterable<Service>) : services),
    };
    const bad = { ...web(), labels: { bad: 'yes' } };
    const source = scriptedSource([web()], [bad]);
    const sink = memorySink();
    const { events } = startPipeline({ sources: { test: source }, transforms: [transform], sinks: { memory: sink } });
    await waitFor(() => events.some(({ type }) => type === 'transform-error'));
    source.push([web(2)]);
    await waitFor(() => sink.services.get('test:/web#0')?.endpoints.length === 2);
  });
});

test.each([
  [
    'throws',
    'PLUGIN_FAILED',
    () => {
      throw new Error('at once');
    },
  ],
  ['gives nothing', 'PLUGIN_CONTRACT', () => undefined],
  [
    'gives a promise',
    'PLUGIN_CONTRACT',
    async () => {
      throw new Error('later');
    },
  ],
])('a watch that %s at once is a failure like any other', async (_, code, watch) => {
  const pipeline = createPipeline({ sources: { test: { watch: watch as never } }, sinks: {} });
  await expect(pipeline.collect(signal)).rejects.toMatchObject({ code, plugin: { id: 'test' } });
  await new Promise((resolve) => setImmediate(resolve));
});

test('changes that throw at once are reported, and stop nothing', async () => {
  const changes = (): never => {
    throw new Error('at once');
  };
  const sink = memorySink();
  const transform = { transform: (services: readonly Service[]) => services, changes };
  const { events } = startPipeline({
    sources: { test: scriptedSource([web()]) },
    transforms: [transform],
    sinks: { memory: { ...sink, plan: sink.plan, changes } },
  });
  await waitFor(() => sink.services.size === 1);
  expect(events).toContainEqual(expect.objectContaining({ type: 'transform-error' }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'sink-error', phase: 'watch' }));
});

test('a transform that is asynchronous is refused, and its rejection ends nothing', async () => {
  const transform = async (): Promise<never> => {
    throw new Error('nobody waits for this');
  };
  const pipeline = createPipeline({
    sources: { test: scriptedSource([web()]) },
    transforms: [{ transform: transform as never }],
    sinks: {},
  });
  await expect(pipeline.collect(signal)).rejects.toMatchObject({ code: 'PLUGIN_CONTRACT' });
  await new Promise((resolve) => setTimeout(resolve, 5));
});

test('ids with odd characters are ids', async () => {
  const odd = ['test:__proto__#0', 'test:/a b\n"\'$(x)#ü', 'test:constructor#0'].map((id) => ({ ...web(), id }));
  const sink = memorySink();
  startPipeline({ sources: { test: scriptedSource(odd) }, sinks: { memory: sink } });
  await waitFor(() => sink.services.size === 3);
});

test.each(['', 'a:b'])('the source id "%s" is refused, because a service id could not be read back', (id) => {
  expect(() => createPipeline({ sources: { [id]: scriptedSource() }, sinks: {} })).toThrow('source id');
});

test.each([0, -1, Number.NaN])('a resync after %d ms is refused', (resyncMs) => {
  const options = { sources: { test: scriptedSource() }, sinks: { memory: { sink: memorySink(), resyncMs } } };
  expect(() => createPipeline(options)).toThrow('resyncMs');
});

test('two transforms that make the same id are heard of, and the last good set stays', async () => {
  const rename: Transform = {
    transform: (services) => services.map((one) => (one.labels.steal ? { ...one, id: 'b:/web#0' } : one)),
  };
  const stolen = service('/web', { source: 'a', labels: { steal: 'yes' } });
  const a = scriptedSource([service('/web', { source: 'a' })], [stolen]);
  const sink = memorySink();
  const { events } = startPipeline({
    sources: { a: { source: a, transforms: [rename] }, b: scriptedSource([service('/web', { source: 'b' })]) },
    sinks: { memory: sink },
  });
  await waitFor(() => events.some((event) => event.type === 'transform-error'));
  await waitFor(() => sink.services.size === 2);
});
