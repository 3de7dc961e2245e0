import { type MemorySink, memorySink, type ScriptedSource, scriptedSource, service, waitFor } from '@signalbox/testkit';
import { afterEach, expect, test } from 'vitest';
import type { Service } from '../model/service.ts';
import { startPipeline, stopPipelines } from './testing/start-pipeline.ts';

afterEach(stopPipelines);

const web = (endpoints: number, source = 'test') => service('/web', { endpoints, source });
const served = (sink: MemorySink, id = 'test:/web#0') => sink.services.get(id)?.endpoints.length;

test('transforms stand where they were put: behind a source, behind all, before a sink', async () => {
  const label = (key: string, seen: string[][] = []) => {
    const transform = (services: readonly Service[]): Service[] => {
      seen.push(services.map(({ id }) => id));
      return services.map((one) => ({ ...one, labels: { ...one.labels, [key]: 'yes' } }));
    };
    return { transform };
  };
  const [left, right] = [memorySink(), memorySink()];
  startPipeline({
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

test('the status has what the transforms say about themselves', async () => {
  const warnings = [{ message: 'rule 1 matches nothing' }];
  const quiet = { transform: (services: readonly Service[]) => services };
  const { pipeline } = startPipeline({
    sources: { test: { source: scriptedSource([web(1)]), transforms: [quiet] } },
    transforms: [{ ...quiet, warnings: () => warnings }],
    sinks: {},
  });
  expect(pipeline.status.transforms['transforms[0]']).toEqual({ warnings: [] });
  await waitFor(() => pipeline.catalog);
  expect(pipeline.status.transforms).toEqual({
    'sources.test.transforms[0]': { warnings: [] },
    'transforms[0]': { warnings },
  });
});

test('the transforms say what they did to a service, in the order in which it passed them', async () => {
  const saying = (...words: string[]) => ({
    transform: (services: readonly Service[]) => services,
    explain: (id: string) => words.map((word) => `${word} ${id}`),
  });
  const failing = {
    ...saying(),
    explain() {
      throw new Error('a bug');
    },
  };
  const { pipeline } = startPipeline({
    sources: { test: { source: scriptedSource([web(1)]), transforms: [saying('filters', 'routes')] } },
    transforms: [saying(), failing, { transform: (services: readonly Service[]) => services }],
    sinks: { memory: { sink: memorySink(), transforms: [saying('drains')] } },
  });
  expect(pipeline.explain('test:/web#0')).toEqual([]);
  await waitFor(() => pipeline.status.sinks.memory?.health === 'in-sync');
  expect(pipeline.explain('test:/web#0')).toEqual([
    { transform: 'sources.test.transforms[0]', lines: ['filters test:/web#0', 'routes test:/web#0'] },
    { transform: 'transforms[1]', lines: ['it fails to say what it did: a bug'] },
    { transform: 'sinks.memory.transforms[0]', lines: ['drains test:/web#0'] },
  ]);
});

test('a source and a sink with the same name have transforms of their own', async () => {
  const saying = (word: string) => ({
    transform: (services: readonly Service[]) => services,
    warnings: () => [{ message: word }],
    explain: () => [word],
  });
  const { pipeline } = startPipeline({
    sources: { test: { source: scriptedSource([web(1)]), transforms: [saying('of the source')] } },
    transforms: [],
    sinks: { test: { sink: memorySink(), transforms: [saying('of the sink')] } },
  });
  await waitFor(() => pipeline.status.sinks.test?.health === 'in-sync');
  expect(pipeline.status.transforms).toEqual({
    'sources.test.transforms[0]': { warnings: [{ message: 'of the source' }] },
    'sinks.test.transforms[0]': { warnings: [{ message: 'of the sink' }] },
  });
  expect(pipeline.explain('test:/web#0')).toEqual([
    { transform: 'sources.test.transforms[0]', lines: ['of the source'] },
    { transform: 'sinks.test.transforms[0]', lines: ['of the sink'] },
  ]);
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
  const { events } = startPipeline({ sources: { test: source }, transforms: [transform], sinks: { memory: sink } });
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
  const { events } = startPipeline({
    sources: { test: scriptedSource([web(1)]) },
    transforms: [transform],
    sinks: { memory: sink },
  });
  await waitFor(() => sink.services.get('test:/web#0')?.labels.suffix === 'one');
  const tellings = () => events.filter(({ type }) => type === 'transform-change');
  const before = tellings().length;
  suffix = 'two';
  inputs.push([]);
  await waitFor(() => sink.services.get('test:/web#0')?.labels.suffix === 'two');
  expect(tellings().slice(before)).toMatchObject([{ transform: 'transforms[0]' }]);
});

test('an unchanged service stays the same object from catalog to catalog', async () => {
  const source = scriptedSource([web(1), service('/other')]);
  const sink = memorySink();
  startPipeline({ sources: { test: source }, sinks: { memory: sink } });
  await waitFor(() => served(sink) === 1);
  const before = sink.services.get('test:/other#0');
  source.push([web(2), service('/other')]);
  await waitFor(() => served(sink) === 2);
  expect(sink.services.get('test:/other#0')).toBe(before);
});

test("an endpoint that a sink's own transform takes out does not wait for quiet", async () => {
  let isDrained = false;
  const inputs = scriptedSource();
  const transform = {
    transform: (services: readonly Service[]) =>
      services.map((one) => (isDrained ? { ...one, endpoints: one.endpoints.slice(1) } : one)),
    changes: inputs.watch,
  };
  const sink = memorySink();
  const { pipeline } = startPipeline({
    sources: { test: scriptedSource([web(2)]) },
    sinks: { memory: { sink, transforms: [transform], settle: { minMs: 60_000, maxMs: 60_000 } } },
  });
  await waitFor(() => pipeline.status.sinks.memory?.health === 'in-sync');
  const release = sink.pause('apply');
  isDrained = true;
  inputs.push([]);
  await waitFor(() => sink.plans === 2);
  expect(pipeline.status.sinks.memory?.health).toBe('pending');
  release();
  await waitFor(() => served(sink) === 1);
});
