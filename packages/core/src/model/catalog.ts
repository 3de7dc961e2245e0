import type { Service } from './service.ts';

/** All services at one version. A service that did not change is the same object as in the version before. */
export interface Catalog {
  /** Rises by one with every change; starts at 1 with the first complete catalog of a run. */
  readonly version: number;
  /** Keyed by `Service.id`, sorted by id. */
  readonly services: ReadonlyMap<string, Service>;
}
