import type { Observed } from '../observed/model.ts';
import { ledBackends } from '../plan/leaving-servers.ts';
import type { Phase, RuntimeChange } from '../plan/runtime-change.ts';
import { canAnswer } from '../plan/runtime-diff.ts';
import type { Placed } from '../structure/placed-desired.ts';

const entering: ReadonlySet<Phase> = new Set(['create', 'claim', 'add']);
const leaving: ReadonlySet<Phase> = new Set(['drain', 'maintenance', 'delete']);

/**
 * HAProxy answers each command after it has read the next, so whatever depends on one that it may refuse is sent when the answer is there: what leads
 * requests to a backend that is being filled, and what takes servers out that requests are being led away from.
 */
export function splitStages(changes: readonly RuntimeChange[]): readonly (readonly RuntimeChange[])[] {
  const leadsWait = changes.some(({ entry }) => entry?.needs !== undefined);
  const leavingWait = changes.some(({ server }) => server?.leaves === true);
  if (!leadsWait && !leavingWait) return [changes];
  const stages: [RuntimeChange[], RuntimeChange[], RuntimeChange[]] = [[], [], []];
  for (const change of changes) {
    const phase = change.steps[0]?.phase ?? 'add';
    if (entering.has(phase)) stages[0].push(change);
    else if (leaving.has(phase)) stages[leavingWait ? 2 : 1].push(change);
    else stages[leadsWait ? 1 : 0].push(change);
  }
  return stages;
}

/** Whether what it depends on has come about. */
export function isPossible({ entry, server }: RuntimeChange, { desired }: Placed, observed: Observed): boolean {
  if (entry?.needs !== undefined) return canAnswer(desired.backends.get(entry.needs), observed);
  return server?.leaves !== true || !ledBackends(observed).has(server.backend);
}
