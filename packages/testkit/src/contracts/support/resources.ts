import { createHook } from 'node:async_hooks';
import { waitFor } from '../../wait-for.ts';

/** Pass by themselves, belong to the test runner, or (timers) are counted one by one below. */
const ignoredKinds = new Set(['Immediate', 'TTYWrap', 'Timeout']);

/**
 * Runs the body, and waits until nothing is open that was not open before: sockets, servers, watchers, child processes, timers.
 * Timers are told apart by when they were started, because the test runner has its own. What does not keep the process
 * alive is not counted.
 *
 * @throws with the kinds that are left, when they are still there after 3 s.
 */
export async function expectNothingLeftOpen(after: string, body: () => Promise<void>): Promise<void> {
  const timers = new Map<number, NodeJS.Timeout>();
  const hook = createHook({
    init(asyncId, type, _, resource) {
      if (type === 'Timeout') timers.set(asyncId, resource as NodeJS.Timeout);
    },
    destroy(asyncId) {
      timers.delete(asyncId);
    },
  });
  const before = countOpenResources();
  hook.enable();
  try {
    await body();
    const listLeft = (): string => describeLeft(before, [...timers.values()].filter((timer) => timer.hasRef()).length);
    const isClean = async (): Promise<boolean> => {
      // Node reports the end of a timer a turn late.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return listLeft() === '';
    };
    await waitFor(isClean, {
      timeoutMs: 3_000,
      description: () => `everything to be closed after ${after} (left open: ${listLeft()})`,
    });
  } finally {
    hook.disable();
  }
}

function countOpenResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!ignoredKinds.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function describeLeft(before: ReadonlyMap<string, number>, timers: number): string {
  const left = [...countOpenResources()].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const);
  return [...left, ['Timeout', timers] as const]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
