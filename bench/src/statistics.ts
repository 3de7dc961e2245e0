/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between 0 and 1, interpolated. @throws {Error} without values: a measurement that was not made has no result. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('there are no samples');
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Milliseconds that the work took. */
export async function time(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

export interface InterleaveOptions {
  readonly rounds: number;
  /** Rounds before, which do not count. Default 1. */
  readonly warmUpRounds?: number;
  /** Called before each round, and not timed. */
  readonly prepare?: () => unknown;
}

/**
 * Runs every work once in each round, in turns, so that a neighbour's noise hits all alike.
 * @returns the durations in milliseconds, by name.
 */
export async function interleave<Name extends string>(
  { rounds, warmUpRounds = 1, prepare = () => {} }: InterleaveOptions,
  works: Readonly<Record<Name, () => unknown>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const durations = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    await prepare();
    for (const name of names) {
      const durationMs = await time(works[name]);
      if (round >= 0) durations[name].push(durationMs);
    }
  }
  return durations;
}
