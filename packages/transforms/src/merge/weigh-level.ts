import { apportionWeights, type Group } from './apportion.ts';
import type { Candidate } from './members.ts';
import type { MergeOrigin } from './merge-options.ts';

/**
 * The weights of endpoints that take traffic at the same time, or `undefined` where nothing was asked for and they keep their own.
 * Draining endpoints and backups of an origin's own are not counted. Health is not looked at: the proxy spreads the part of an
 * endpoint that is down over all others, so that what is left of a failing origin is not overrun.
 */
export function weighLevel(
  candidates: readonly Candidate[],
  origins: readonly MergeOrigin[],
): ReadonlyMap<Candidate, number> | undefined {
  const asksFor = ({ percent, weight = 1 }: MergeOrigin): boolean => percent !== undefined || weight !== 1;
  if (!origins.some(asksFor)) return undefined;
  const counted = candidates.filter(({ endpoint: { draining, backup } }) => draining !== true && backup !== true);
  const present = [...new Set(counted.map(({ origin }) => origin))].sort((left, right) => left - right);
  const fixed = present.filter((origin) => origins[origin]?.percent !== undefined);
  const free = present.filter((origin) => origins[origin]?.percent === undefined);
  const left = 100 - levelPercent(candidates, origins);
  // Origins that were promised nothing in particular serve when those that were promised everything have nobody.
  const isTaken = fixed.some((origin) => origins[origin]?.percent !== 0);
  const rest = left > 0 ? left : isTaken ? 0 : 1;
  const members = [
    ...fixed.map((origin) => ({ share: origins[origin]?.percent ?? 0, of: [origin] })),
    ...(free.length === 0 ? [] : [{ share: rest, of: free }]),
  ].map(({ share, of }) => ({ share, candidates: counted.filter(({ origin }) => of.includes(origin)) }));
  const groups: Group[] = members.map(({ share, candidates: group }) => ({
    share,
    // A proxy counts an endpoint without a weight as 1.
    weights: group.map(({ endpoint, origin }) => (endpoint.weight ?? 1) * (origins[origin]?.weight ?? 1)),
  }));
  const weights = apportionWeights(groups);
  return new Map(
    members.flatMap(({ candidates: group }, index) =>
      group.map((candidate, position) => [candidate, weights[index]?.[position] ?? 0] as const),
    ),
  );
}

/** What all origins of the level's priority ask for, those without endpoints too. */
function levelPercent(candidates: readonly Candidate[], origins: readonly MergeOrigin[]): number {
  const priorities = new Set(candidates.map(({ origin }) => origins[origin]?.priority ?? 0));
  return origins
    .filter(({ priority = 0 }) => priorities.has(priority))
    .reduce((total, { percent = 0 }) => total + percent, 0);
}
