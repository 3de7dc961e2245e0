import { waitFor } from '../../wait-for.ts';

/** Pass by themselves, or belong to the test runner. */
const passingResources = new Set(['Immediate', 'TTYWrap']);

/** What keeps the event loop alive, by kind: sockets, servers, timers, watchers, child processes. */
export type OpenResources = ReadonlyMap<string, number>;

export function countOpenResources(): OpenResources {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!passingResources.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Waits until no more is open than was before. @throws with the kinds that are left. */
export async function expectNothingLeftOpen(before: OpenResources, after: string): Promise<void> {
  const listLeft = (): string =>
    [...countOpenResources()]
      .filter(([kind, count]) => count > (before.get(kind) ?? 0))
      .map(([kind, count]) => `${count - (before.get(kind) ?? 0)} ${kind}`)
      .join(', ');
  await waitFor(() => listLeft() === '', {
    timeoutMs: 3_000,
    description: () => `everything to be closed after ${after} (left open: ${listLeft()})`,
  });
}
