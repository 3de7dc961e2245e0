import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { CatalogChanges } from './events.ts';
import type { ServiceSet } from './service-set.ts';

/** Compares two sets by object identity. Returns `undefined` when nothing differs. */
export function compareServices(before: ServiceSet, after: ServiceSet): CatalogChanges | undefined {
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  let urgent = false;
  after.list.forEach((service, position) => {
    if (before.list[position] === service) return;
    const { id } = service;
    const old = before.getNear(id, position);
    if (old === service) return;
    if (old === undefined) {
      added.push(id);
    } else {
      changed.push(id);
      urgent ||= losesEndpoints(old, service);
    }
  });
  if (added.length + before.size !== after.size) {
    for (const service of before.list) {
      const { id } = service;
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
