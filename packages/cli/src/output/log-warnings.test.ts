import type { Logger, Pipeline, PipelineEvent, Warning } from '@signalbox/core';
import { expect, test } from 'vitest';
import { logWarnings } from './log-warnings.ts';

function createProbe() {
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
    subscribe(added: (event: PipelineEvent) => void) {
      listener = added;
      return () => {
        listener = () => {};
      };
    },
  } as unknown as Pipeline;
  const stop = logWarnings(pipeline, logger);
  const plan = (sink: string, ...warnings: Warning[]) => {
    listener({ type: 'sink-plan', at: 0, sink, catalogVersion: 1, changes: [], warnings });
    return records.splice(0).map(([level, message]) => `${level} ${message}`);
  };
  return { plan, records, stop, send: (event: PipelineEvent) => listener(event) };
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
