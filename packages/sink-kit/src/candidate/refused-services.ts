import type { Catalog, Service } from '@signalbox/core';

/** Services that the proxy's own check refused, with its words, until they change. */
export type RefusedServices = ReadonlyMap<Service, string>;

/**
 * The refused services with further ones, without those that changed since. Undefined when nobody new is among them: a search that leaves out at
 * least one more service in each round ends.
 */
export function addRefused(
  before: RefusedServices,
  guilty: ReadonlyMap<{ readonly serviceId: string }, string>,
  catalog: Catalog,
): RefusedServices | undefined {
  const refused = new Map<Service, string>();
  for (const [service, words] of before) if (catalog.services.get(service.id) === service) refused.set(service, words);
  const kept = refused.size;
  for (const [{ serviceId }, words] of guilty) {
    const service = catalog.services.get(serviceId);
    if (service !== undefined) refused.set(service, words);
  }
  return refused.size === kept ? undefined : refused;
}
