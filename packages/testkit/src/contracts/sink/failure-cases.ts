import assert from 'node:assert/strict';
import { isAbortError } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { settleWithin } from '../support/settle.ts';
import { type AnySinkHarness, catalog, expectSinkError, rejection, withStage } from './stage.ts';

/** Turns of the event loop: some tenths of a second. */
const maxTurns = 30_000;

/** Whatever goes wrong, the target is in the old state or in the new one. */
export const failureCases = {
  'leaves the target as it was when the check fails': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, bring, expectInSync }) => {
      assert(
        target.failCheck && target.recover,
        'the harness has no failCheck() and recover(); add them, or waive this test',
      );
      const sink = createSink();
      await bring(sink, alpha);
      const before = await target.fingerprint();
      await target.failCheck();
      const error = await rejection(bring(sink, alpha, bravo), 'a candidate that the check refuses');
      expectSinkError(error, 'SINK_CHECK_FAILED');
      assert.equal(await target.fingerprint(), before, 'a refused candidate changed the target');
      await target.recover();
      await bring(sink, alpha, bravo);
      await expectInSync(sink, catalog(alpha, bravo));
    }),

  'restores the last good state when the reload fails': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, bring, expectInSync }) => {
      assert(
        target.failReload && target.recover,
        'the harness has no failReload() and recover(); add them, or waive this test',
      );
      const sink = createSink();
      await bring(sink, alpha);
      const before = await target.fingerprint();
      await target.failReload();
      const error = await rejection(bring(sink, alpha, bravo), 'a reload that fails');
      expectSinkError(error, 'SINK_ROLLED_BACK', 'SINK_RELOAD_FAILED');
      assert.equal(await target.fingerprint(), before, 'the last good state was not restored');
      await target.recover();
      await bring(sink, alpha, bravo);
      await expectInSync(sink, catalog(alpha, bravo));
    }),

  'leaves out only the service that the check refuses': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, plan: planAgain, bring, expectInSync }) => {
      assert(harness.refusedService, 'the harness has no refusedService(); add it, or waive this test');
      const refused = harness.refusedService();
      const sink = createSink();
      await bring(sink, alpha);
      const plan = await bring(sink, alpha, refused, bravo);
      assert(await target.serves(bravo), `"${bravo.id}" is kept out by "${refused.id}"`);
      assert(await target.serves(alpha), `"${alpha.id}" is kept out by "${refused.id}"`);
      const again = await planAgain(sink, catalog(alpha, refused, bravo));
      const named = [...plan.warnings, ...again.warnings].some(({ service }) => service === refused.id);
      assert(named, `no warning names "${refused.id}"`);
      await expectInSync(sink, catalog(alpha, refused, bravo));
    }),

  'finds out that the target was changed by another hand': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, plan, apply, bring, expectInSync }) => {
      assert(target.tamper, 'the harness has no tamper(); add it, or waive this test');
      const sink = createSink();
      await bring(sink, alpha, bravo);
      await target.tamper();
      const repair = await plan(sink, catalog(alpha, bravo));
      assert(repair.changes.length > 0, 'the other hand was not noticed');
      await apply(repair);
      await expectInSync(sink, catalog(alpha, bravo));
    }),

  'does not apply a plan blindly when the target changed since': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, plan, apply, bring, expectInSync }) => {
      assert(target.tamper, 'the harness has no tamper(); add it, or waive this test');
      const sink = createSink();
      await bring(sink, alpha);
      const outdated = await plan(sink, catalog(alpha, bravo));
      await target.tamper();
      try {
        await apply(outdated);
      } catch (error) {
        expectSinkError(error, 'SINK_TARGET_CHANGED');
        await bring(sink, alpha, bravo);
      }
      await expectInSync(sink, catalog(alpha, bravo));
    }),

  'leaves old or new, never between, when an apply is aborted': (harness) =>
    withStage(
      harness,
      async ({ target, alpha, bravo, scaledAlpha, createSink, dispose, plan, bring, expectInSync }) => {
        // Later and later, until an apply is faster than its abort: no place in it is known from outside.
        let early = true;
        for (let turns = 0; turns <= maxTurns && early; turns = turns * 4 + 1) {
          const first = createSink();
          await bring(first, alpha);
          await dispose(first);
          const before = await target.fingerprint();
          const controller = new AbortController();
          const aborted = createSink();
          const half = await plan(aborted, catalog(scaledAlpha, bravo), controller.signal);
          early = await abortAfter(half.apply(), turns, controller, harness.timeoutMs ?? 15_000);
          await dispose(aborted);
          const between = await target.fingerprint();
          const last = createSink();
          await bring(last, scaledAlpha, bravo);
          await expectInSync(last, catalog(scaledAlpha, bravo));
          await dispose(last);
          const after = await target.fingerprint();
          assert([before, after].includes(between), `an apply that was aborted after ${turns} turns was half done`);
        }
      },
    ),

  'plans nothing for a signal that is aborted already': (harness) =>
    withStage(harness, async ({ target, alpha, createSink, plan }) => {
      const before = await target.fingerprint();
      const signal = AbortSignal.abort();
      const error = await plan(createSink(), catalog(alpha), signal).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert(error === undefined || isAbortError(error, signal), 'an aborted plan threw something else than the abort');
      assert.equal(await target.fingerprint(), before);
    }),
} satisfies Contract<AnySinkHarness>;

/** Whether the abort came before the end. @throws when the apply goes on, or fails with anything but the abort. */
async function abortAfter(
  applied: Promise<void>,
  turns: number,
  controller: AbortController,
  timeoutMs: number,
): Promise<boolean> {
  let finished = false;
  const settled = settleWithin(applied, timeoutMs).then((outcome) => {
    finished = true;
    return outcome;
  });
  for (let turn = 0; turn < turns && !finished; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const early = !finished;
  controller.abort();
  const outcome = await settled;
  assert(outcome.state !== 'pending', 'an aborted apply goes on');
  const clean = outcome.state === 'fulfilled' || isAbortError(outcome.reason, controller.signal);
  assert(clean, 'an aborted apply threw something else than the abort');
  return early;
}
