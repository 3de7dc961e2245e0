import assert from 'node:assert/strict';
import { isAbortError, isEqualData, type Service, silentLogger, type Transform } from '@signalbox/core';
import { hostileServiceSamples } from '../../hostile/service-samples.ts';
import type { Contract } from '../contract.ts';
import type { PluginTest } from '../plugin/plugin-cases.ts';
import { checkServices } from '../support/check-services.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { expectNothingLeftOpen } from '../support/resources.ts';
import { settleWithin } from '../support/settle.ts';
import { shuffle } from '../support/shuffle.ts';
import type { TransformHarness } from './transform-harness.ts';

const abortLimitMs = 1_000;

// biome-ignore lint/suspicious/noExplicitAny: the options only go back to the plugin they came with
type AnyTransformHarness = TransformHarness<any>;

/** What every transform is held to, besides what every plugin is. */
export const transformCases = {
  'changes some of its sample and leaves some as they are': (harness) =>
    withTransform(harness, (transform, services) => {
      const results = new Set(run(transform, services));
      const kept = services.filter((service) => results.has(service));
      assert(kept.length > 0, 'no service of the sample is left as it is: add one that the transform does not concern');
      assert(kept.length < services.length, 'the transform does nothing with the sample: the contract proves nothing');
    }),

  'answers at once, with an iterable': (harness) =>
    withTransform(harness, (transform, services) => {
      const results: unknown = transform.transform(services);
      assert(!(results instanceof Promise), 'transform returns a promise; it has to be synchronous');
      assert(Symbol.iterator in Object(results), 'transform returns nothing that can be iterated');
    }),

  'gives valid services that can be frozen': (harness) =>
    withTransform(harness, (transform, services) => {
      checkServices(deepFreeze(run(transform, services)));
      run(transform, services);
    }),

  'leaves its input as it is': (harness) =>
    withTransform(harness, (transform) => {
      const copy = structuredClone(harness.services) as Service[];
      const expected = structuredClone(copy);
      run(transform, copy);
      assert.deepEqual(copy, expected, 'the input was changed');
    }),

  'never changes or makes up an id': (harness) =>
    withTransform(harness, (transform, services) => {
      const known = new Set(services.map(({ id }) => id));
      const seen = new Set<string>();
      for (const { id } of run(transform, services)) {
        assert(known.has(id), `the id "${id}" is not one of the input`);
        assert(!seen.has(id), `the id "${id}" comes out twice`);
        seen.add(id);
      }
    }),

  'returns an unchanged service as the same object': (harness) =>
    withTransform(harness, (transform, services) => {
      const before = new Map(services.map((service) => [service.id, service]));
      for (const service of run(transform, services)) {
        const same = service === before.get(service.id) || !isEqualData(service, before.get(service.id));
        assert(same, `"${service.id}" is equal to its input, but a copy of it`);
      }
    }),

  'returns the same objects for the same services': (harness) =>
    withTransform(harness, (transform, services) => {
      const first = new Map(run(transform, services).map((service) => [service.id, service]));
      for (const service of run(transform, services)) {
        assert(first.get(service.id) === service, `"${service.id}" is another object the second time`);
      }
      assert.equal(run(transform, services).length, first.size, 'a service is missing the second time');
    }),

  'gives equal answers as another instance': (harness) =>
    withTransform(harness, (transform, services) => {
      assert.deepEqual(run(harness.plugin(harness.options), services), run(transform, services));
    }),

  'does not depend on the order of services': (harness) =>
    withTransform(harness, (transform, services) => {
      const expected = byId(run(transform, services));
      for (let seed = 1; seed <= 5; seed += 1) {
        const other = harness.plugin(harness.options);
        assert.deepEqual(byId(run(other, shuffle(services, seed))), expected, 'another order gives another answer');
      }
    }),

  'gives nothing for nothing': (harness) =>
    withTransform(harness, (transform) => {
      assert.deepEqual(run(transform, []), []);
    }),

  'survives hostile text': (harness) =>
    withTransform(harness, (transform, services) => {
      const hostile = deepFreeze([...services, ...hostileServiceSamples()]);
      const results = byId(run(transform, hostile));
      const expected = byId(run(transform, services));
      for (const { id } of services) {
        assert.deepEqual(results.get(id), expected.get(id), `"${id}" suffers from services beside it`);
      }
      assert.equal(({} as Record<string, unknown>)['signalbox-canary'], undefined, 'the prototype of objects changed');
    }),

  'explains what it changed or took out, in single lines': (harness) =>
    withTransform(harness, (transform, services) => {
      if (transform.explain === undefined) return;
      const results = new Set(run(transform, services));
      for (const service of services) {
        const lines = transform.explain(service.id);
        assert(results.has(service) || lines.length > 0, `"${service.id}" is not as it was, and not explained`);
        const isLine = (line: unknown): boolean => typeof line === 'string' && line !== '' && !line.includes('\n');
        assert(lines.every(isLine), `explain gives something else than lines of text: ${JSON.stringify(lines)}`);
      }
      assert.deepEqual(transform.explain('test:nowhere#0'), [], 'a service that never came is explained');
    }),

  'ends changes() when it is aborted': (harness) =>
    withTransform(harness, async (transform) => {
      const { changes } = transform;
      if (changes === undefined) return;
      await expectNothingLeftOpen('changes() was aborted', async () => {
        const controller = new AbortController();
        const context = { id: 'contract', signal: controller.signal, logger: silentLogger };
        const watching = drain(changes.call(transform, context));
        await new Promise((resolve) => setImmediate(resolve));
        controller.abort();
        const outcome = await settleWithin(watching, abortLimitMs);
        assert(outcome.state !== 'pending', `changes() goes on ${abortLimitMs} ms after it was aborted`);
        const clean = outcome.state === 'fulfilled' || isAbortError(outcome.reason, controller.signal);
        assert(clean, 'changes() threw something else than the abort');
      });
    }),
} satisfies Contract<AnyTransformHarness>;

export type TransformTest = PluginTest | keyof typeof transformCases;

async function withTransform(
  harness: AnyTransformHarness,
  body: (transform: Transform, services: readonly Service[]) => void | Promise<void>,
): Promise<void> {
  try {
    await body(harness.plugin(harness.options), deepFreeze(harness.services));
  } finally {
    await harness.cleanUp?.();
  }
}

function run(transform: Transform, services: readonly Service[]): Service[] {
  return [...transform.transform(services)];
}

function byId(services: readonly Service[]): Map<string, Service> {
  return new Map([...services].sort((left, right) => (left.id < right.id ? -1 : 1)).map((item) => [item.id, item]));
}

async function drain(iterable: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of iterable);
}
