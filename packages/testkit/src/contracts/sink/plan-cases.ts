import assert from 'node:assert/strict';
import type { Catalog, PlannedChange, Service } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { expectNothingLeftOpen } from '../support/resources.ts';
import { reverseKeys } from '../support/shuffle.ts';
import { type AnySinkHarness, catalog, withStage } from './stage.ts';

/** Planning compares and touches nothing; applying makes the next plan empty. */
export const planCases = {
  'touches nothing when it plans': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, scaledAlpha, createSink, plan, bring }) => {
      const sink = createSink();
      const empty = await target.fingerprint();
      const first = await plan(sink, catalog(alpha, bravo));
      assert(first.changes.length > 0, 'nothing is planned for two new services');
      assert.equal(await target.fingerprint(), empty, 'planning changed an empty target');
      await bring(sink, alpha, bravo);
      const filled = await target.fingerprint();
      await plan(sink, catalog(scaledAlpha));
      await plan(createSink(), catalog());
      assert.equal(await target.fingerprint(), filled, 'planning changed the target');
    }),

  'plans nothing after it applied': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, scaledAlpha, createSink, bring, expectInSync }) => {
      const sink = createSink();
      for (const services of [[alpha, bravo], [scaledAlpha, bravo], [bravo], [bravo, alpha], []]) {
        await bring(sink, ...services);
        await expectInSync(sink, catalog(...services));
        await expectInSync(createSink(), catalog(...services));
        for (const service of [alpha, bravo]) {
          const wanted = services.some(({ id }) => id === service.id);
          assert.equal(await target.serves(service), wanted, `"${service.id}" is ${wanted ? 'not ' : ''}served`);
        }
      }
    }),

  'applies an empty catalog': (harness) =>
    withStage(harness, async ({ createSink, bring, expectInSync }) => {
      const sink = createSink();
      await bring(sink);
      await expectInSync(sink, catalog());
    }),

  'changes nothing when an empty plan is applied': (harness) =>
    withStage(harness, async ({ target, alpha, createSink, plan, apply, bring }) => {
      const sink = createSink();
      await bring(sink, alpha);
      const before = await target.fingerprint();
      await apply(await plan(sink, catalog(alpha)));
      assert.equal(await target.fingerprint(), before);
    }),

  'is not harmed when one plan is applied twice': (harness) =>
    withStage(harness, async ({ target, alpha, createSink, plan, apply, expectInSync }) => {
      const sink = createSink();
      const once = await plan(sink, catalog(alpha));
      await apply(once);
      const before = await target.fingerprint();
      await apply(once).catch((error: { code?: string }) => assert.equal(error.code, 'SINK_TARGET_CHANGED'));
      assert.equal(await target.fingerprint(), before);
      await expectInSync(sink, catalog(alpha));
    }),

  'says what it changes, and for which services': (harness) =>
    withStage(harness, async ({ alpha, bravo, scaledAlpha, createSink, plan, bring }) => {
      const sink = createSink();
      await bring(sink, alpha, bravo);
      const { changes } = await plan(sink, catalog(scaledAlpha, bravo));
      assert(changes.length > 0, 'nothing is planned for a service with another endpoint');
      for (const change of changes) checkChange(change, new Set([alpha.id, bravo.id]));
      assert(
        changes.some(({ services }) => services.includes(alpha.id)),
        'no change names the service that changed',
      );
    }),

  'gives the same target for any order of services and keys': (harness) =>
    withStage(harness, async ({ target, alpha, bravo, createSink, plan, apply, bring, expectInSync }) => {
      const ordered = catalog(alpha, bravo);
      const mixed = turnAround(ordered);
      const first = await plan(createSink(), ordered);
      const second = await plan(createSink(), mixed);
      assert.deepEqual(sortChanges(second.changes), sortChanges(first.changes), 'another order gives another plan');
      await bring(createSink(), alpha, bravo);
      const before = await target.fingerprint();
      const sink = createSink();
      await expectInSync(sink, mixed);
      await apply(await plan(sink, mixed));
      assert.equal(await target.fingerprint(), before, 'another order gives other bytes');
    }),

  'leaves nothing open when it is disposed': (harness) =>
    withStage(harness, async ({ target, alpha, createSink, bring }) => {
      await expectNothingLeftOpen('the sink was disposed', async () => {
        const sink = createSink();
        await bring(sink, alpha);
        await sink[Symbol.asyncDispose]?.();
      });
      assert(await target.serves(alpha), 'the service is gone with the sink: its end must not touch the traffic');
    }),
} satisfies Contract<AnySinkHarness>;

function checkChange({ action, target, summary, services }: PlannedChange, known: ReadonlySet<string>): void {
  assert(['create', 'update', 'delete', 'runtime', 'reload'].includes(action), `a change has the action "${action}"`);
  assert(target !== '', `the change "${summary}" has no target`);
  assert(summary !== '' && !summary.includes('\n'), `the summary ${JSON.stringify(summary)} is not one line`);
  for (const id of services) assert(known.has(id), `the change "${summary}" names "${id}", which nobody knows`);
}

/** In which order changes are listed is the sink's business. */
function sortChanges(changes: readonly PlannedChange[]): string[] {
  return changes.map(({ action, target, services }) => [action, target, ...[...services].sort()].join(' ')).sort();
}

function turnAround({ version, services }: Catalog): Catalog {
  const reversed: [string, Service][] = [...services].reverse().map(([id, service]) => [id, reverseKeys(service)]);
  return { version, services: new Map(reversed) };
}
