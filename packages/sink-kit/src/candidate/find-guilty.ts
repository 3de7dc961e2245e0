/** Tells what the proxy has against a candidate of these items alone; undefined when it takes it. */
export type CheckItems<Item> = (items: readonly Item[]) => Promise<Error | undefined>;

export interface GuiltyItem<Item> {
  readonly item: Item;
  readonly error: Error;
}

/**
 * The items without which the proxy takes the candidate, found by bisection: log2(n) checks for each. Undefined when even the candidate
 * without any item is refused, so that none is to blame.
 */
export async function findGuiltyItems<Item>(
  items: Iterable<Item>,
  check: CheckItems<Item>,
): Promise<readonly GuiltyItem<Item>[] | undefined> {
  if ((await check([])) !== undefined) return undefined;
  const guilty: GuiltyItem<Item>[] = [];
  let suspects = [...items];
  for (;;) {
    let error = await check(suspects);
    if (error === undefined) return guilty;
    // The shortest prefix that is refused ends with a guilty one.
    let good = 0;
    let bad = suspects.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      const refusal = await check(suspects.slice(0, middle));
      if (refusal === undefined) good = middle;
      else {
        bad = middle;
        error = refusal;
      }
    }
    const item = suspects[bad - 1];
    if (item === undefined) return undefined;
    guilty.push({ item, error });
    // What stood before it was taken, so only the rest can hold another one; the prefix stays for the complete check.
    suspects = suspects.filter((suspect) => suspect !== item);
  }
}
