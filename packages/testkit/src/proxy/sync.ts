import { type Catalog, delay, type Plan, type PlannedChange, type Sink } from '@signalbox/core';
import type { Bench } from './bench.ts';

/** Plans and applies, also what has to wait; gives all changes. */
export async function sync(sink: Sink, catalog: Catalog, bench: Pick<Bench, 'context'>): Promise<Plan> {
  const changes: PlannedChange[] = [];
  for (;;) {
    const plan = await syncOnce(sink, catalog, bench);
    changes.push(...plan.changes);
    if (plan.deferred === undefined) return { ...plan, changes };
    await delay(plan.deferred.afterMs);
  }
}

/** What has to wait for the interval between reloads is left out. */
export async function syncOnce(sink: Sink, catalog: Catalog, { context }: Pick<Bench, 'context'>): Promise<Plan> {
  const plan = await sink.plan(catalog, context);
  await plan.apply();
  return plan;
}

export function summaries(plan: Plan): readonly string[] {
  return plan.changes.map(({ summary }) => summary);
}
