import { expect, test } from 'vitest';
import { summarizeDelays, TaskTimes } from './task-times.ts';

test('an arrival lasts from "running" to the first answer', () => {
  const times = new TaskTimes();
  times.started('a', '/web', 1_000);
  times.started('a', '/web', 1_100);
  expect(times.waiting()).toEqual(['a']);
  times.answered('a', '/web', 1_300);
  times.answered('a', '/web', 1_400);
  expect(times.waiting()).toEqual([]);
  expect(times.arrivals()).toEqual([{ app: '/web', task: 'a', delayMs: 300 }]);
});

test('a departure lasts from "asked to end" to the last answer', () => {
  const times = new TaskTimes();
  times.answered('a', '/web', 900);
  times.ending('a', '/web', 1_000);
  times.answered('a', '/web', 1_050);
  times.answered('b', '/web', 1_050);
  times.ending('b', '/web', 1_100);
  expect(times.departures()).toEqual([
    { app: '/web', task: 'a', delayMs: 50 },
    { app: '/web', task: 'b', delayMs: 0 },
  ]);
});

test('only what began since a time is looked at', () => {
  const times = new TaskTimes();
  times.started('old', '/web', 1_000);
  times.started('new', '/web', 2_000);
  expect(times.waiting(1_500)).toEqual(['new']);
  times.answered('old', '/web', 2_100);
  times.answered('new', '/web', 2_100);
  expect(times.arrivals(1_500).map(({ task }) => task)).toEqual(['new']);
});

test('the time in which Marathon cannot be asked does not count', () => {
  const times = new TaskTimes();
  for (const task of ['early', 'late']) times.started(task, '/web', 1_000);
  times.answered('early', '/web', 1_100);
  times.marathonIsBack(5_000);
  times.answered('late', '/web', 5_200);
  expect(times.arrivals().map(({ task, delayMs }) => [task, delayMs])).toEqual([
    ['early', 100],
    ['late', 200],
  ]);
});

test('nothing is expected of a task that is asked to end or has ended', () => {
  const times = new TaskTimes();
  for (const task of ['a', 'b']) times.started(task, '/web', 1_000);
  times.ending('a', '/web', 1_100);
  times.gone('b');
  expect(times.waiting()).toEqual([]);
});

test('statistics are the worst and the median, in whole milliseconds', () => {
  const delays = [300.4, 100, 200].map((delayMs) => ({ app: '/web', task: '', delayMs }));
  expect(summarizeDelays(delays)).toEqual({ tasks: 3, medianMs: 200, worstMs: 300 });
  expect(summarizeDelays([])).toBeUndefined();
});
