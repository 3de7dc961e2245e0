import type { PlannedChange } from '@signalbox/core';
import { inQuotes } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Observed } from '../observed/model.ts';

/** What a reload brings, for people: backends that come and go, then the reload itself. */
export function describeReload(
  desired: Desired,
  observed: Observed | undefined,
  { configPath, reason }: { readonly configPath: string; readonly reason: string },
): readonly PlannedChange[] {
  const changes: PlannedChange[] = [];
  const services: string[] = [];
  for (const { name, serviceId } of desired.backends.values()) {
    if (observed?.backends.has(name)) continue;
    services.push(serviceId);
    changes.push({
      action: 'create',
      target: `backend ${name}`,
      summary: `backend for ${inQuotes(serviceId)} added`,
      services: [serviceId],
    });
  }
  for (const name of observed?.backends ?? []) {
    if (!name.startsWith('a_') || desired.backends.has(name)) continue;
    changes.push({ action: 'delete', target: `backend ${name}`, summary: 'backend removed', services: [] });
  }
  changes.push({ action: 'reload', target: configPath, summary: `HAProxy reloads: ${reason}`, services });
  return changes;
}
