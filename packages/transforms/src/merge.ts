import {
  defineTransform,
  formatSelector,
  type Service,
  type Transform,
  type TransformPlugin,
  type Warning,
} from '@signalbox/core';
import { explainPool } from './merge/explain-pool.ts';
import { compilePools, type PoolPlace } from './merge/find-pool.ts';
import type { MergeOptions, MergePool } from './merge/merge-options.ts';
import { mergeOptionsSchema } from './merge/merge-schema.ts';
import { type PlacedPool, PoolSet } from './merge/pool-set.ts';

/** Makes one pool out of services of several sources. */
export const merge: TransformPlugin<MergeOptions> = defineTransform({
  type: 'merge',
  description: 'Joins services of several sources in one pool, with weights, percentages and failover.',
  options: mergeOptionsSchema,
  create: ({ pools }) => createMerge(pools),
});

export default merge;

function createMerge(options: readonly MergePool[]): Transform {
  const placeOf = compilePools(options);
  const set = new PoolSet(options, placeOf);
  return {
    transform: (services) => set.update(services),
    warnings: () => [...listUnused(options, set.services, placeOf), ...listProblems(set.pools)],
    explain(serviceId) {
      const found = set.find(serviceId);
      return found === undefined ? [] : explainPool(found.pool, found.position, serviceId);
    },
  };
}

function listProblems(pools: Iterable<PlacedPool>): readonly Warning[] {
  return [...pools].flatMap(({ position, pool: { merged, problems } }) =>
    problems.map((problem) => ({ message: `pool ${position + 1} of merge: ${problem}`, service: merged.id })),
  );
}

/** Origins that bring nothing into any pool. No error: the app may only not be deployed yet, or be gone at the end of a move. */
function listUnused(
  options: readonly MergePool[],
  services: readonly Service[],
  placeOf: (service: Service) => PoolPlace | undefined,
): readonly Warning[] {
  const used = new Set(services.map((service) => placeOf(service)).map((place) => `${place?.pool} ${place?.origin}`));
  return options.flatMap(({ origins = [] }, pool) =>
    origins.flatMap(({ match }, origin) => {
      if (used.has(`${pool} ${origin}`)) return [];
      const text = formatSelector(match);
      return [{ message: `origin ${origin + 1} of pool ${pool + 1} of merge brings no service into it: ${text}` }];
    }),
  );
}
