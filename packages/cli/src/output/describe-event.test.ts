import type { PipelineEvent } from '@signalbox/core';
import { SinkError, SourceError } from '@signalbox/core';
import { expect, test } from 'vitest';
import { describeEvent } from './describe-event.ts';

const sourceError = new SourceError('reading http://leader', {
  code: 'SOURCE_UNREACHABLE',
  cause: new Error('refused'),
});
const sinkError = new SinkError('reloading haproxy', { code: 'SINK_RELOAD_FAILED' });
const hold = {
  service: 'mesos:/a#0',
  rule: 'maxRemovedPercent',
  reason: '9 of 10 endpoints vanished at once',
  heldEndpoints: 9,
  since: 0,
} as const;
const change = { action: 'runtime', target: 'server a', summary: 'add server a', services: ['mesos:/a#0'] } as const;
const catalog = { version: 3, services: new Map() };

const described: readonly (readonly [PipelineEvent, string, string])[] = [
  [{ type: 'pipeline-start', at: 0 }, 'info', 'started'],
  [{ type: 'pipeline-end', at: 0 }, 'info', 'stopped; nothing that was applied is taken back'],
  [{ type: 'pipeline-end', at: 0, error: sourceError }, 'debug', 'stopped by an error'],
  [
    { type: 'source-sync', at: 0, source: 'mesos', services: 1, endpoints: 2, changed: true, warnings: [] },
    'info',
    'source mesos has 1 service with 2 endpoints',
  ],
  [
    { type: 'source-sync', at: 0, source: 'mesos', services: 1, endpoints: 2, changed: false, warnings: [] },
    'debug',
    'source mesos still has 1 service with 2 endpoints',
  ],
  [
    { type: 'source-error', at: 0, source: 'mesos', error: sourceError, attempt: 2, retryInMs: 1_234 },
    'warn',
    'source mesos: reading http://leader: refused; next try in 1s',
  ],
  [
    { type: 'source-restore', at: 300_000, source: 'mesos', syncedAt: 0, services: 3 },
    'warn',
    'source mesos does not answer; using 3 services that it gave 5m ago',
  ],
  [
    { type: 'transform-change', at: 0, transform: 'transforms[0]' },
    'info',
    'transform transforms[0]: its input changed',
  ],
  [
    { type: 'transform-error', at: 0, transform: 'transforms[0]', error: sinkError },
    'error',
    'transform transforms[0]: reloading haproxy',
  ],
  [
    { type: 'guard-hold', at: 0, source: 'mesos', hold: { ...hold, until: 600_000 } },
    'warn',
    'holding mesos:/a#0 for 10m at most: 9 of 10 endpoints vanished at once',
  ],
  [
    {
      type: 'guard-hold',
      at: 0,
      source: 'mesos',
      hold: { rule: 'onEmpty', reason: 'it has no services', heldEndpoints: 1, since: 0 },
    },
    'warn',
    'holding source mesos until it recovers or an operator confirms: it has no services',
  ],
  [
    { type: 'guard-release', at: 0, source: 'mesos', hold, cause: 'timeout' },
    'warn',
    'releasing mesos:/a#0: its time is over',
  ],
  [
    { type: 'guard-release', at: 0, source: 'mesos', hold, cause: 'recovered' },
    'info',
    'releasing mesos:/a#0: it recovered',
  ],
  [
    {
      type: 'catalog-change',
      at: 0,
      catalog,
      changes: { added: ['a', 'b'], changed: [], removed: ['c'], urgent: true },
    },
    'debug',
    'catalog 3: 2 added, 1 removed, urgent',
  ],
  [
    { type: 'catalog-change', at: 0, catalog, changes: { added: [], changed: [], removed: [], urgent: false } },
    'debug',
    'catalog 3: no services',
  ],
  [
    { type: 'sink-plan', at: 0, sink: 'edge', catalogVersion: 3, changes: [change], warnings: [] },
    'debug',
    'sink edge plans 1 change for catalog 3',
  ],
  [
    {
      type: 'sink-apply',
      at: 0,
      sink: 'edge',
      catalogVersion: 3,
      changes: [change, change, change, change],
      durationMs: 12.4,
    },
    'info',
    'sink edge applied 4 changes in 12 ms: add server a; add server a; add server a; and 1 more',
  ],
  [
    { type: 'sink-error', at: 0, sink: 'edge', error: sinkError, phase: 'apply', attempt: 1, retryInMs: 400 },
    'error',
    'sink edge, apply: reloading haproxy; next try in 400ms',
  ],
  [
    { type: 'state-error', at: 0, source: 'mesos', error: sinkError },
    'warn',
    'state of source mesos: reloading haproxy',
  ],
];

test.each(described)('%j', (event, level, message) => {
  expect(describeEvent(event)).toMatchObject({ level, message });
});
