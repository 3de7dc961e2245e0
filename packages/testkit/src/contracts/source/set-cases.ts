import assert from 'node:assert/strict';
import type { Contract } from '../contract.ts';
import { type AnySourceHarness, type Scene, withScene } from './scene.ts';
import { contractSourceId, findService, type Watcher } from './watcher.ts';

/** What a source says while its upstream is well. */
export const setCases = {
  'yields the complete set, as plain data with stable ids': (harness) =>
    withScene(harness, { alpha: 2, bravo: 1 }, async ({ watch }) => {
      const services = await watch().reaches({ alpha: 2, bravo: 1 });
      for (const { id } of services) {
        assert(id.startsWith(`${contractSourceId}:`), `the id "${id}" does not begin with the id of its source`);
        assert(/#[^#]+$/.test(id), `the id "${id}" does not end in the name or index of a port`);
      }
    }),

  'yields the same set, in the same order, for the same upstream': (harness) =>
    withScene(harness, { charlie: 2, alpha: 3, bravo: 1 }, async ({ watch, createSource }) => {
      const population = { charlie: 2, alpha: 3, bravo: 1 };
      const first = await watch().reaches(population);
      const second = await watch(createSource()).reaches(population);
      assert.deepEqual(second, first, 'two sources of one upstream do not agree');
    }),

  'shows a service that is added, and keeps the others': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      const watcher = watch();
      const before = await watcher.reaches({ alpha: 2 });
      const since = watcher.updates.length;
      await upstream.setServices({ alpha: 2, bravo: 1 });
      const after = await watcher.reaches({ alpha: 2, bravo: 1 });
      assert.deepEqual(endpointIds(after, 'alpha'), endpointIds(before, 'alpha'), 'ids of endpoints changed');
      expectAlways(watcher, 'alpha', since);
    }),

  'shows a service that is scaled, and keeps the ids of endpoints that stay': (harness) =>
    withScene(harness, { alpha: 1, bravo: 2 }, async ({ upstream, watch }) => {
      const watcher = watch();
      const before = await watcher.reaches({ alpha: 1, bravo: 2 });
      const since = watcher.updates.length;
      await upstream.setServices({ alpha: 3, bravo: 2 });
      const scaled = await watcher.reaches({ alpha: 3, bravo: 2 });
      for (const [id, place] of places(before, 'alpha')) {
        assert.equal(places(scaled, 'alpha').get(id), place, `the endpoint "${id}" lost its id or its place`);
      }
      await upstream.setServices({ alpha: 1, bravo: 2 });
      await watcher.reaches({ alpha: 1, bravo: 2 });
      expectAlways(watcher, 'bravo', since);
    }),

  'shows that a service is removed': (harness) =>
    withScene(harness, { alpha: 1, bravo: 2 }, async ({ upstream, watch }) => {
      const watcher = watch();
      await watcher.reaches({ alpha: 1, bravo: 2 });
      const since = watcher.updates.length;
      await upstream.setServices({ alpha: 1 });
      await watcher.reaches({ alpha: 1 });
      expectAlways(watcher, 'alpha', since);
    }),

  'yields an empty set for an upstream that is empty': (harness) =>
    withScene(harness, {}, async ({ watch }) => {
      await watch().reaches({});
    }),

  'yields an empty set for an upstream that becomes empty': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      const watcher = watch();
      await watcher.reaches({ alpha: 2 });
      await upstream.setServices({});
      await watcher.reaches({});
    }),

  'repairs events that were lost': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }: Scene) => {
      assert(upstream.loseEvents !== undefined, 'the harness has no loseEvents(); add it, or waive this test');
      const watcher = watch();
      await watcher.reaches({ alpha: 2 });
      await upstream.loseEvents();
      await upstream.setServices({ alpha: 1, bravo: 1 });
      await watcher.reaches({ alpha: 1, bravo: 1 });
    }),
} satisfies Contract<AnySourceHarness>;

/** A service that was there all the time is in every set: a set is complete, not a difference. */
function expectAlways(watcher: Watcher, key: string, since: number): void {
  for (const services of watcher.updates.slice(since)) {
    assert(findService(services, key) !== undefined, `"${key}" was missing from a set although it never went away`);
  }
}

function places(services: Parameters<typeof findService>[0], key: string): Map<string, string> {
  const endpoints = findService(services, key)?.endpoints ?? [];
  return new Map(endpoints.map(({ id, address, port }) => [id, `${address} ${port}`]));
}

function endpointIds(services: Parameters<typeof findService>[0], key: string): string[] {
  return [...places(services, key).keys()];
}
