import { expect, test } from 'vitest';
import { requestRecord, target } from '../testing/records.ts';
import { describeFailure, judge } from './judge.ts';

const ownTask = (task: string): boolean => task === 'web-1';
const death = { app: '/shop/web', atMs: 120 };

test('an answer counts when it is a success and comes from a task of the app', () => {
  expect(judge(requestRecord({ status: 200, task: 'web-1' }), ownTask, [])).toBe('answered');
  expect(judge(requestRecord({ status: 200, task: 'cart-1' }), ownTask, [])).toBe('failed');
  expect(judge(requestRecord({ status: 200 }), ownTask, [])).toBe('failed');
  expect(judge(requestRecord({ status: 404, task: 'web-1' }), ownTask, [])).toBe('failed');
});

test.each([
  ['a broken connection', { error: 'socket hang up' }],
  ['a 502 of HAProxy', { status: 502 }],
])('%s is excused while a task of the app died', (_, result) => {
  expect(judge(requestRecord(result), ownTask, [death])).toBe('cut-off');
  expect(judge(requestRecord(result), ownTask, [])).toBe('failed');
});

test.each([
  ['began after the death', { startedAtMs: 121 }, death],
  ['failed before the death', { endedAtMs: 119 }, death],
  ['failed long after the death', { endedAtMs: 1_121 }, death],
  ['went to another app', {}, { ...death, app: '/shop/cart' }],
])('a failure is not excused when it %s', (_, times, suddenDeath) => {
  expect(judge(requestRecord({ error: 'socket hang up', ...times }), ownTask, [suddenDeath])).toBe('failed');
});

test.each([
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['a time-out', { error: 'no answer within 10 ms', timedOut: true }],
])('%s is never excused', (_, result) => {
  expect(judge(requestRecord(result), ownTask, [death])).toBe('failed');
});

test('a failure is told with its entrance', () => {
  expect(describeFailure(requestRecord({ status: 503 }))).toBe('/shop/web through port 18081: status 503');
  const shared = { ...target, entrance: 'host shop.example.com' };
  expect(describeFailure(requestRecord({ target: shared, error: 'socket hang up' }))).toBe(
    '/shop/web through host shop.example.com: socket hang up',
  );
  expect(describeFailure(requestRecord({ status: 200, task: 'cart-1' }))).toBe(
    '/shop/web through port 18081: answered by cart-1',
  );
});
