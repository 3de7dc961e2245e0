import type { Catalog } from '../model/catalog.ts';
import type { Service } from '../model/service.ts';
import { compareServices } from './catalog-changes.ts';
import type { CatalogChanges } from './events.ts';
import { emptyServiceSet } from './service-set.ts';
import { ServiceSorter } from './service-sorter.ts';

/** Numbers the catalogs of a run, and says what changed from one to the next. */
export class CatalogBuilder {
  readonly #sorter = new ServiceSorter();
  #current: Catalog | undefined;
  #services = emptyServiceSet;

  get current(): Catalog | undefined {
    return this.#current;
  }

  /**
   * Returns `undefined` when the services are those of the current catalog. The first set is a change even if it is empty.
   * @throws {PipelineError} `PLUGIN_CONTRACT` when an id comes twice.
   */
  build(services: readonly Service[]): { readonly catalog: Catalog; readonly changes: CatalogChanges } | undefined {
    const sorted = this.#sorter.sort(services);
    const changes = compareServices(this.#services, sorted);
    if (changes === undefined && this.#current !== undefined) return undefined;
    const catalog = { version: (this.#current?.version ?? 0) + 1, services: sorted };
    this.#current = catalog;
    this.#services = sorted;
    return { catalog, changes: changes ?? { added: [], changed: [], removed: [], urgent: false } };
  }
}
