/** Endpoints that share a part of the traffic. */
export interface Group {
  /** Relative to the shares of the other groups. */
  readonly share: number;
  /** How the group's part is spread over its endpoints; relative to each other. */
  readonly weights: readonly number[];
}

/** Not 256, because the largest weight may have to be rounded up. */
const maxScale = 255;

/**
 * Gives every endpoint an integer weight from 0 to 256, so that each group gets its share whatever the number of its endpoints.
 * What a group without endpoints should get goes to the others, in proportion.
 *
 * Of all scales in which the largest weight is 1 to 255, the one is taken whose shares come nearest to what was asked for; where
 * several do equally well, the one that treats the endpoints of a group most evenly. Within a group, the whole number that it gets
 * is spread by largest remainders. With n groups, shares are off by less than max(1, n - 1) / (510 - n).
 */
export function apportionWeights(groups: readonly Group[]): readonly (readonly number[])[] {
  const parts = groups.map(({ share, weights }) => ({ share, weights, sum: sum(weights) }));
  const totalShare = sum(parts.map((part) => (part.sum > 0 ? part.share : 0)));
  const shares = parts.map((part) => (part.sum > 0 && totalShare > 0 ? part.share / totalShare : 0));
  const peak = Math.max(
    0,
    ...parts.map((part, index) => ((shares[index] ?? 0) * Math.max(0, ...part.weights)) / part.sum || 0),
  );
  if (peak === 0) return groups.map(({ weights }) => weights.map(() => 0));

  let best: { readonly weights: readonly (readonly number[])[]; readonly unevenness: number } | undefined;
  for (const totals of findBestTotals(shares, peak)) {
    const spread = parts.map(({ weights }, index) => spreadTotal(totals[index] ?? 0, weights));
    const unevenness = Math.max(...spread.map((one) => one.unevenness));
    if (best === undefined || unevenness < best.unevenness - epsilon) {
      best = { weights: spread.map((one) => one.weights), unevenness };
    }
    if (unevenness < epsilon) break;
  }
  return (best as NonNullable<typeof best>).weights;
}

const epsilon = 1e-9;

/** What the groups get in all, for each scale whose error is the least, the largest scale first. */
function* findBestTotals(shares: readonly number[], peak: number): Iterable<readonly number[]> {
  const totalAt = (scale: number, share: number): number =>
    share > 0 ? Math.max(1, Math.round((scale * share) / peak)) : 0;
  let scales: number[] = [];
  let leastError = Number.POSITIVE_INFINITY;
  // Without lists: this is what a pool costs most.
  for (let scale = maxScale; scale >= 1; scale -= 1) {
    let all = 0;
    for (const share of shares) all += totalAt(scale, share);
    let error = 0;
    for (const share of shares) error = Math.max(error, Math.abs(totalAt(scale, share) / all - share));
    if (error > leastError + epsilon) continue;
    if (error < leastError - epsilon) scales = [];
    leastError = Math.min(leastError, error);
    scales.push(scale);
  }
  for (const scale of scales) yield shares.map((share) => totalAt(scale, share));
}

/** Spreads a whole number by largest remainders; the first of equals gets more. */
function spreadTotal(
  total: number,
  weights: readonly number[],
): { readonly weights: readonly number[]; readonly unevenness: number } {
  const all = sum(weights);
  const quotas = weights.map((weight) => (all > 0 ? (total * weight) / all : 0));
  const result = quotas.map((quota) => Math.floor(quota + epsilon));
  const order = quotas
    .map((quota, index) => ({ index, remainder: quota - (result[index] ?? 0) }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  for (const { index } of order.slice(0, Math.max(0, total - sum(result)))) result[index] = (result[index] ?? 0) + 1;
  const unevenness = Math.max(0, ...quotas.map((quota, index) => Math.abs(quota - (result[index] ?? 0))));
  return { weights: result, unevenness };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
