import type { Logger, Pipeline, PipelineEvent, Warning } from '@signalbox/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logWarnings } from './log-warnings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createProbe() {
  let transformWarnings: readonly Warning[] = [];
  const records: (readonly [level: string, message: string, fields: object])[] = [];
  const write = (level: string) => (fields: object, message?: string) =>
    void records.push([level, message ?? '', fields]);
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => logger,
  };
  let listener: (event: PipelineEvent) => void = () => {};
  const pipeline = {
    get status() {
      return { transforms: { 'transforms[0]': { warnings: transformWarnings } } };
    },
    subscribe(added: (event: PipelineEvent) => void) {
      listener = added;
      return () => {
        listener = () => {};
      };
    },
  } as unknown as Pipeline;
  const stop = logWarnings(pipeline, logger);
  const take = () => records.splice(0).map(([level, message]) => `${level} ${message}`);
  const warn = (...warnings: Warning[]) => {
    transformWarnings = warnings;
  };
  const plan = (sink: string, ...warnings: Warning[]) => {
    listener({ type: 'sink-plan', at: 0, sink, catalogVersion: 1, changes: [], warnings });
    return take();
  };
  return { plan, warn, take, records, stop, send: (event: PipelineEvent) => listener(event) };
}

const taken: Warning = { service: 'mesos:/a#0', message: 'port 80 is taken' };
const general: Warning = { message: 'no certificate\u001b[2J' };

test('a warning is told when it appears and when it is gone, not with every plan', () => {
  const { plan } = createProbe();
  expect(plan('edge', taken)).toEqual(['warn sink edge: mesos:/a#0: port 80 is taken']);
  expect(plan('edge', taken)).toEqual([]);
  expect(plan('edge', taken, general)).toEqual(['warn sink edge: no certificate\\x1b[2J']);
  expect(plan('edge', general)).toEqual(['info no longer: sink edge: mesos:/a#0: port 80 is taken']);
  expect(plan('edge', general, taken)).toEqual(['warn sink edge: mesos:/a#0: port 80 is taken']);
});

test('each sink has warnings of its own', () => {
  const { plan } = createProbe();
  expect(plan('edge', taken)).toHaveLength(1);
  expect(plan('inner', taken)).toEqual(['warn sink inner: mesos:/a#0: port 80 is taken']);
  expect(plan('edge', taken)).toEqual([]);
});

test('a source tells what it leaves out in the same way', () => {
  const { send, records } = createProbe();
  const sync: PipelineEvent = {
    type: 'source-sync',
    at: 0,
    source: 'files',
    services: 1,
    endpoints: 1,
    changed: false,
    warnings: [{ message: 'b.yaml is half a file' }],
  };
  send(sync);
  send(sync);
  send({ ...sync, warnings: [] });
  expect(records.map(([level, message]) => `${level} ${message}`)).toEqual([
    'warn source files: b.yaml is half a file',
    'info no longer: source files: b.yaml is half a file',
  ]);
  expect(records[0]?.[2]).toEqual({ event: 'source-warning', source: 'files', active: true });
});

const changed: PipelineEvent = {
  type: 'catalog-change',
  at: 0,
  catalog: { version: 1, services: new Map() },
  changes: { added: [], removed: [], changed: ['mesos:/a#0'], urgent: false },
};

test('a transform tells its warnings when services or its input change, and soon after endpoints did', () => {
  const { send, warn, take, stop, records } = createProbe();
  warn({ message: 'rule 1 matches nothing' });
  send({ ...changed, changes: { ...changed.changes, added: ['mesos:/a#0'] } });
  expect(records[0]?.[2]).toEqual({ event: 'transform-warning', transform: 'transforms[0]', active: true });
  expect(take()).toEqual(['warn transform transforms[0]: rule 1 matches nothing']);

  warn({ message: 'the last one of "/a" stays', service: 'mesos:/a#0' });
  send(changed);
  send(changed);
  expect(take()).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(take()).toEqual([
    'warn transform transforms[0]: the last one of "/a" stays',
    'info no longer: transform transforms[0]: rule 1 matches nothing',
  ]);
  expect(vi.getTimerCount()).toBe(0);

  warn();
  send({ type: 'transform-change', at: 0, transform: 'transforms[0]' });
  expect(take()).toEqual(['info no longer: transform transforms[0]: the last one of "/a" stays']);
  send(changed);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('machines get the sink and the service as fields', () => {
  const { send, records, stop } = createProbe();
  const event: PipelineEvent = {
    type: 'sink-plan',
    at: 0,
    sink: 'edge',
    catalogVersion: 1,
    changes: [],
    warnings: [taken],
  };
  send(event);
  send({ ...event, warnings: [] });
  expect(records.map(([, , fields]) => fields)).toEqual([
    { event: 'sink-warning', sink: 'edge', service: 'mesos:/a#0', active: true },
    { event: 'sink-warning', sink: 'edge', service: 'mesos:/a#0', active: false },
  ]);
  stop();
  send(event);
  expect(records).toHaveLength(2);
});
