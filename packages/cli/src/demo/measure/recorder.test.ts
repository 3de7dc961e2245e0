import type { Catalog, PipelineEvent } from '@signalbox/core';
import { catalogOf, endpoint, service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import { requestRecord } from '../testing/records.ts';
import { Recorder } from './recorder.ts';

const apply = (...actions: ('runtime' | 'reload')[]): PipelineEvent => ({
  type: 'sink-apply',
  at: 0,
  sink: 'haproxy',
  catalogVersion: 1,
  durationMs: 5,
  changes: actions.map((action) => ({ action, target: '', summary: '', services: [] })),
});

const catalogChange = (catalog: Catalog): PipelineEvent => ({
  type: 'catalog-change',
  at: 0,
  catalog,
  changes: { added: [], changed: [], removed: [], urgent: false },
});

function withEndpoints(...ids: string[]): PipelineEvent {
  return catalogChange(catalogOf([service('/web', { endpoints: ids.map((id) => endpoint({ id })) })]));
}

test('an act counts what happened since it began, the run counts everything', () => {
  const recorder = new Recorder();
  recorder.knows('web-1', '/shop/web');
  recorder.onRequest(requestRecord({ status: 200, task: 'web-1' }));
  recorder.beginAct();
  recorder.onRequest(requestRecord({ status: 503 }));
  recorder.onRequest(requestRecord({ status: 503 }));
  expect(recorder.actOutcome().requests).toEqual({ sent: 2, answered: 0, cutOff: 0, failed: 2 });
  expect(recorder.actOutcome().failures).toEqual(['/shop/web through port 18081: status 503']);
  expect(recorder.runOutcome().requests).toEqual({ sent: 3, answered: 1, cutOff: 0, failed: 2 });
  expect(recorder.requestsOf('/shop/web')).toEqual({ sent: 3, answered: 1, cutOff: 0, failed: 2 });
  expect(recorder.requestsOf('/shop/cart').sent).toBe(0);
});

test('only the task of the app that was asked may answer', () => {
  const recorder = new Recorder();
  recorder.knows('cart-1', '/shop/cart');
  expect(recorder.onRequest(requestRecord({ status: 200, task: 'cart-1' }))).toBe('failed');
  recorder.onTask({ task: 'web-2', app: '/shop/web', kind: 'running' });
  expect(recorder.onRequest(requestRecord({ status: 200, task: 'web-2' }))).toBe('answered');
});

test('a request in flight at a sudden death is counted apart', () => {
  const recorder = new Recorder();
  const startedAtMs = performance.now();
  recorder.onSuddenDeath('/shop/web');
  const endedAtMs = performance.now();
  expect(recorder.onRequest(requestRecord({ startedAtMs, endedAtMs, status: 502 }))).toBe('cut-off');
  expect(recorder.runOutcome().requests).toEqual({ sent: 1, answered: 0, cutOff: 1, failed: 0 });
});

test('an applied plan is one reload, however many changes it had', () => {
  const recorder = new Recorder();
  recorder.onPipelineEvent(apply('reload', 'runtime', 'reload'), 'fresh');
  recorder.beginAct();
  recorder.onPipelineEvent(apply('runtime', 'runtime'), 'fresh');
  expect(recorder.actOutcome()).toMatchObject({ reloads: 0, runtimeApplies: 1 });
  expect(recorder.runOutcome()).toMatchObject({ reloads: 1, runtimeApplies: 1 });
});

test('endpoints that leave are losses only while the source is not fresh', () => {
  const recorder = new Recorder();
  recorder.onPipelineEvent(withEndpoints('a', 'b', 'c'), 'fresh');
  recorder.onPipelineEvent(withEndpoints('a', 'b'), 'fresh');
  expect(recorder.runOutcome().lostWhileStale).toBe(0);
  recorder.onPipelineEvent(withEndpoints('b', 'd'), 'stale');
  expect(recorder.runOutcome().lostWhileStale).toBe(1);
  expect(recorder.runOutcome().sourceHealths).toEqual(new Set(['fresh', 'stale']));
});

test('tells which new tasks have not answered, and how long the others took', () => {
  const recorder = new Recorder();
  recorder.onTask({ task: 'web-0', app: '/shop/web', kind: 'running' });
  recorder.beginAct();
  for (const task of ['web-1', 'web-2', 'web-3']) recorder.onTask({ task, app: '/shop/web', kind: 'running' });
  recorder.onTask({ task: 'web-3', app: '/shop/web', kind: 'ended' });
  recorder.onRequest(requestRecord({ endedAtMs: performance.now(), status: 200, task: 'web-1' }));
  expect(recorder.waitingTasks()).toEqual(['web-2']);
  expect(recorder.actOutcome().unheard).toEqual(['web-2']);
  expect(recorder.actOutcome().arrivals?.tasks).toBe(1);
});
