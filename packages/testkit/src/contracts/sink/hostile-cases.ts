import assert from 'node:assert/strict';
import { canary } from '../../hostile/canary.ts';
import { hostileServiceSamples } from '../../hostile/service-samples.ts';
import type { Contract } from '../contract.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { type AnySinkHarness, catalog, withStage } from './stage.ts';

/** Text from a label is hostile. It becomes a quoted word, or the service is refused with its name; never a directive. */
export const hostileCases = {
  'lets no name, label, host, path or address add a directive': (harness) =>
    withStage(harness, async ({ target, alpha, createSink, bring, expectInSync }) => {
      assert(target.words !== undefined, 'the harness has no words(); add it, or waive this test');
      const services = deepFreeze(hostileServiceSamples().map((service) => harness.prepare?.(service) ?? service));
      const sink = createSink();
      const plan = await bring(sink, alpha, ...services);
      assert(await target.serves(alpha), 'a good service is kept out by hostile ones');
      const words = await target.words();
      const injected = words.filter((word) => word === canary || word.startsWith(`${canary};`));
      assert.deepEqual(injected, [], 'text became syntax');
      assert(words.length > 0, 'the artefact has no words: the contract proves nothing');
      const known = new Set([alpha, ...services].map(({ id }) => id));
      for (const { message, service } of plan.warnings) {
        assert(service === undefined || known.has(service), `the warning "${message}" names "${service}"`);
      }
      await expectInSync(sink, catalog(alpha, ...services));
    }),

  'keeps every summary and warning on one line': (harness) =>
    withStage(harness, async ({ createSink, plan }) => {
      const services = deepFreeze(hostileServiceSamples().map((service) => harness.prepare?.(service) ?? service));
      const { changes, warnings } = await plan(createSink(), catalog(...services));
      for (const text of [...changes.map(({ summary }) => summary), ...warnings.map(({ message }) => message)]) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        assert(!/[\0-\x1f\x7f]/.test(text), `${JSON.stringify(text.slice(0, 200))} holds control characters`);
      }
    }),
} satisfies Contract<AnySinkHarness>;
