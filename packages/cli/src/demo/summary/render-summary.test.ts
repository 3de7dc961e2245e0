import { expect, test } from 'vitest';
import { createColors } from '../../output/colors.ts';
import { type Act, judgeAct } from '../script/act.ts';
import { noFailedRequest, noReload } from '../script/promises.ts';
import { outcome } from '../testing/records.ts';
import { symbolSets } from '../view/symbols.ts';
import { renderSummary } from './render-summary.ts';
import { type Summary, summarize } from './summary.ts';

const act: Act = { title: 'Scale up', story: '', promises: [noFailedRequest, noReload], perform: async () => {} };
const good = outcome();
const bad = outcome({
  requests: { sent: 100, answered: 97, cutOff: 1, failed: 2 },
  failures: ['/shop/web through port 18081: status 503'],
  reloads: 1,
  arrivals: { tasks: 1, medianMs: 1_250, worstMs: 1_250 },
});

function summaryOf(...outcomes: (typeof good)[]): Summary {
  const failed = outcomes.reduce((sum, { requests }) => sum + requests.failed, 0);
  const sent = outcomes.reduce((sum, { requests }) => sum + requests.sent, 0);
  const total = { ...(outcomes.at(-1) ?? good), requests: { sent, answered: sent - failed, cutOff: 0, failed } };
  const results = outcomes.map((each, index) => judgeAct({ ...act, title: `Act ${index + 1}` }, each));
  return summarize({ proxy: 'HAProxy 2.6.12', seed: 1, results, outcome: total });
}

const look = { width: 80, colors: createColors(false), symbols: symbolSets.unicode };

test('all promises kept', () => {
  const summary = summaryOf(good);
  expect(summary.kept).toBe(true);
  expect(`\n${renderSummary(summary, look)}\n`).toMatchInlineSnapshot(`
    "
    All promises were kept.

                                requests  failed  cut off  reloads  first answer
      ✓ Act 1                        100       0        0        0        300 ms

      requests          100 sent, 0 failed, 0 cut off by a task that died
      reloads           0; 1 change applied without
      event to traffic  300 ms at worst ("Act 1"), 200 ms in the median, from
                        "running", or Marathon being back, to the first answer,
                        checks included (2 tasks)
                        none measured from "asked to end" to the last answer
      time              3.0 s, HAProxy 2.6.12, seed 1

    Cut off are only requests that were in flight when a task of their app died
    without notice, and that broke (no answer, or 502) within a second of it. Every
    other error and every 5xx counts as failed.
    "
  `);
});

test('promises broken, on a narrow terminal', () => {
  const summary = summaryOf(good, bad);
  expect(summary.kept).toBe(false);
  expect(summary.acts.map(({ kept }) => kept)).toEqual([true, false]);
  expect(`\n${renderSummary(summary, { ...look, width: 60 })}\n`).toMatchInlineSnapshot(`
    "
    Promises of 1 act were broken.

                                requests  failed  cut off
      ✓ Act 1                        100       0        0
      ✗ Act 2                        100       2        1
        no request fails: 3 of 100 failed: /shop/web through
        port 18081: status 503
        no reload: HAProxy was reloaded once

      requests          200 sent, 2 failed, 0 cut off by a task
                        that died
      reloads           1: 1 for "Act 2"; 1 change applied
                        without
      event to traffic  1 250 ms at worst ("Act 2"), 1 250 ms in
                        the median, from "running", or Marathon
                        being back, to the first answer, checks
                        included (1 task)
                        none measured from "asked to end" to the
                        last answer
      time              3.0 s, HAProxy 2.6.12, seed 1

    Cut off are only requests that were in flight when a task of
    their app died without notice, and that broke (no answer, or
    502) within a second of it. Every other error and every 5xx
    counts as failed.
    "
  `);
});

test('a run without acts kept no promise', () => {
  expect(summaryOf().kept).toBe(false);
});

test('a request that fails after the last act counts', () => {
  const results = [judgeAct(act, good)];
  const late = outcome({ requests: { sent: 101, answered: 100, cutOff: 0, failed: 1 } });
  const summary = summarize({ proxy: '', seed: 1, results, outcome: late });
  expect(summary.kept).toBe(false);
  expect(renderSummary(summary, look)).toContain('Requests failed.');
});

test('the summary survives JSON', () => {
  const summary = summaryOf(good, bad);
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});
