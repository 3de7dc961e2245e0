import type { Catalog } from '../model/catalog.ts';
import type { Service } from '../model/service.ts';
import { compareServices } from './catalog-changes.ts';
import type { CatalogChanges } from './events.ts';

/** Numbers the catalogs of a run, and says what changed from one to the next. */
export class CatalogBuilder {
  #current: Catalog | undefined;

  get current(): Catalog | undefined {
    return this.#current;
  }

  /** Returns `undefined` when the services are those of the current catalog. The first set is a change even if it is empty. */
  build(services: readonly Service[]): { readonly catalog: Catalog; readonly changes: CatalogChanges } | undefined {
    const sorted = toSortedMap(services);
    const changes = compareServices(this.#current?.services ?? new Map(), sorted);
    if (changes === undefined && this.#current !== undefined) return undefined;
    const catalog = { version: (this.#current?.version ?? 0) + 1, services: sorted };
    this.#current = catalog;
    return { catalog, changes: changes ?? { added: [], changed: [], removed: [], urgent: false } };
  }
}

export function toSortedMap(services: readonly Service[]): ReadonlyMap<string, Service> {
  const sorted = services.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  return new Map(sorted.map((service) => [service.id, service]));
}
