import type { Service } from '../model/service.ts';
import { emptyServiceSet, hasSameIds, type ServiceSet } from './service-set.ts';

/** Sorts sets by id, and remembers the order: as long as the same ids come in the same places, nothing is sorted again. */
export class ServiceSorter {
  #input: readonly Service[] = [];
  #order: readonly number[] = [];
  #current = emptyServiceSet;

  /** @throws {PipelineError} `PLUGIN_CONTRACT` when an id comes twice. */
  sort(services: readonly Service[]): ServiceSet {
    const order = hasSameIds(this.#input, services) ? this.#order : orderById(services);
    this.#current = this.#current.next(order.map((position) => services[position] as Service));
    this.#input = services;
    this.#order = order;
    return this.#current;
  }
}

function orderById(services: readonly Service[]): readonly number[] {
  const ids = services.map(({ id }) => id);
  return ids.map((_, position) => position).sort((left, right) => compare(ids[left] ?? '', ids[right] ?? ''));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
