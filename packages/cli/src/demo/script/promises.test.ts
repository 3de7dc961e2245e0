import { expect, test } from 'vitest';
import type { Outcome } from '../measure/outcome.ts';
import { outcome } from '../testing/records.ts';
import type { ActPromise } from './act.ts';
import {
  catchesUp,
  noFailedRequest,
  noReload,
  nothingForgotten,
  oneReload,
  onlyCutOffRequests,
  staleIsShown,
  trafficFollows,
} from './promises.ts';

const sent = (lost: { cutOff?: number; failed?: number }) => ({
  sent: 100,
  answered: 90,
  cutOff: 0,
  failed: 0,
  ...lost,
});
const silence = { sent: 0, answered: 0, cutOff: 0, failed: 0 };

test.each<[string, ActPromise, Partial<Outcome>, string]>([
  ['a failure', noFailedRequest, { requests: sent({ failed: 2 }), failures: ['x'] }, '2 of 100 failed: x'],
  ['a request cut off', noFailedRequest, { requests: sent({ cutOff: 1 }) }, '1 of 100 failed'],
  ['silence', noFailedRequest, { requests: silence }, 'no request was sent'],
  ['a failure', onlyCutOffRequests, { requests: sent({ failed: 2 }) }, '2 of 100 failed'],
  ['silence', onlyCutOffRequests, { requests: silence }, 'no request was sent'],
  ['a reload', noReload, { reloads: 1 }, 'HAProxy was reloaded once'],
  ['two reloads', oneReload, { reloads: 2 }, 'HAProxy was reloaded 2 times'],
  ['a silent task', trafficFollows, { unheard: ['a'] }, '1 never answered'],
  ['no new task', trafficFollows, { arrivals: undefined }, 'no task started'],
  ['a slow one', trafficFollows, { arrivals: { tasks: 1, medianMs: 0, worstMs: 10_001 } }, 'one took 10001 ms'],
  ['a loss', nothingForgotten, { lostWhileStale: 3 }, '3 were removed'],
  ['a wrong status', staleIsShown, { sourceHealths: new Set(['fresh']) }, 'it said fresh'],
  ['what is overdue', catchesUp, { overdue: ['/a has 1 of 2 endpoints'] }, 'not in time: /a has 1 of 2 endpoints'],
])('%s breaks a promise', (_, promise, values, breach) => {
  expect(promise.findBreach(outcome(values))).toBe(breach);
});

test('what may happen breaks no promise', () => {
  expect(onlyCutOffRequests.findBreach(outcome({ requests: sent({ cutOff: 3 }) }))).toBeUndefined();
  expect(oneReload.findBreach(outcome({ reloads: 1 }))).toBeUndefined();
  expect(staleIsShown.findBreach(outcome({ sourceHealths: new Set(['fresh', 'stale']) }))).toBeUndefined();
  for (const promise of [noFailedRequest, noReload, trafficFollows, nothingForgotten, catchesUp]) {
    expect(promise.findBreach(outcome())).toBeUndefined();
  }
});
