import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { CatalogChanges } from './events.ts';
import type { ServiceMap } from './intern.ts';

/** Compares two sets by object identity. Returns `undefined` when nothing differs. */
export function compareServices(before: ServiceMap, after: ServiceMap): CatalogChanges | undefined {
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  let urgent = false;
  for (const [id, service] of after) {
    const old = before.get(id);
    if (old === service) continue;
    if (old === undefined) {
      added.push(id);
    } else {
      changed.push(id);
      urgent ||= losesEndpoints(old, service);
    }
  }
  if (added.length + before.size !== after.size) {
    for (const [id, service] of before) {
      if (after.has(id)) continue;
      removed.push(id);
      urgent ||= service.endpoints.length > 0;
    }
  }
  return added.length + changed.length + removed.length === 0 ? undefined : { added, changed, removed, urgent };
}

/** Whether an endpoint that took traffic is to take no more. */
function losesEndpoints(before: Service, after: Service): boolean {
  const next = new Map(after.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return before.endpoints.some((endpoint) => {
    const now = next.get(endpoint.id);
    if (now === endpoint) return false;
    if (now === undefined || now.address !== endpoint.address || now.port !== endpoint.port) return true;
    return takesTraffic(endpoint) && !takesTraffic(now);
  });
}

function takesTraffic(endpoint: Endpoint): boolean {
  return endpoint.draining !== true && endpoint.health !== 'unhealthy' && endpoint.weight !== 0;
}
