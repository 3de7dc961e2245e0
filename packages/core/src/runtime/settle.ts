import type { SettleOptions } from './options.ts';

/** What a pipeline takes for `settle`. */
export const settleDefaults: Required<SettleOptions> = { minMs: 200, maxMs: 2_000 };

/** When a change that was seen now is to be planned: after quiet, but not later than the longest wait since the first change allows. */
export function settledAt(now: number, firstChangeAt: number, { minMs, maxMs }: Required<SettleOptions>): number {
  return Math.min(now + minMs, firstChangeAt + maxMs);
}
