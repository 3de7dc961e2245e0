import type { Catalog, Service } from '@signalbox/core';

/** A catalog of these services, sorted by id as the runtime does it. */
export function catalogOf(services: Iterable<Service>, version = 1): Catalog {
  const sorted = [...services].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  return { version, services: new Map(sorted.map((service) => [service.id, service])) };
}
