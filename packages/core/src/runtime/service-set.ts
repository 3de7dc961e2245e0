import { PipelineError } from '../errors/pipeline-error.ts';
import type { Service } from '../model/service.ts';

/**
 * Services in a fixed order, each id once. Sets with the same ids in the same order share one index, so that a change of
 * one service among ten thousand costs a copy of pointers and no hashing.
 */
export class ServiceSet implements ReadonlyMap<string, Service> {
  readonly list: readonly Service[];
  readonly #positions: ReadonlyMap<string, number>;

  private constructor(list: readonly Service[], positions: ReadonlyMap<string, number>) {
    this.list = list;
    this.#positions = positions;
  }

  /** @throws {PipelineError} `PLUGIN_CONTRACT` when an id comes twice. */
  static from(list: readonly Service[]): ServiceSet {
    const positions = new Map<string, number>();
    for (const [position, { id }] of list.entries()) {
      if (positions.has(id)) throw new PipelineError(`two services have the id "${id}"`, { code: 'PLUGIN_CONTRACT' });
      positions.set(id, position);
    }
    return new ServiceSet(list, positions);
  }

  /** The set of these services, next to this one: the index is shared if the ids are the same at every position. */
  next(list: readonly Service[]): ServiceSet {
    return hasSameIds(this.list, list) ? new ServiceSet(list, this.#positions) : ServiceSet.from(list);
  }

  get size(): number {
    return this.list.length;
  }

  get(id: string): Service | undefined {
    const position = this.#positions.get(id);
    return position === undefined ? undefined : this.list[position];
  }

  /** Like `get`; costs next to nothing where a set of the same order has the service at this position. */
  getNear(id: string, position: number): Service | undefined {
    const service = this.list[position];
    return service?.id === id ? service : this.get(id);
  }

  has(id: string): boolean {
    return this.#positions.has(id);
  }

  keys(): MapIterator<string> {
    return this.#positions.keys();
  }

  values(): MapIterator<Service> {
    return this.list.values();
  }

  *entries(): MapIterator<[string, Service]> {
    for (const service of this.list) yield [service.id, service];
  }

  [Symbol.iterator](): MapIterator<[string, Service]> {
    return this.entries();
  }

  forEach(callback: (service: Service, id: string, services: ReadonlyMap<string, Service>) => void): void {
    for (const service of this.list) callback(service, service.id, this);
  }
}

export const emptyServiceSet = ServiceSet.from([]);

/** Whether the same ids stand at the same positions. */
export function hasSameIds(before: readonly Service[], after: readonly Service[]): boolean {
  if (before.length !== after.length) return false;
  return after.every((service, position) => {
    const old = before[position];
    return old === service || old?.id === service.id;
  });
}
