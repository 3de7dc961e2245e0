import type { Service } from '@signalbox/core';

/**
 * All services in the order of app ids and ports, as an array that is never changed once it was given out. A change of one
 * app costs a copy of the array: with 10,000 services that is microseconds, where collecting them anew takes milliseconds.
 */
export class ServiceList {
  #list: Service[] | undefined;
  #offsets = new Map<string, number>();
  #given = false;

  /** @param count - how many services the app had; undefined for a new app */
  replace(appId: string, count: number | undefined, services: readonly Service[]): void {
    const offset = this.#offsets.get(appId);
    if (this.#list === undefined || offset === undefined || count !== services.length) {
      this.rebuild();
      return;
    }
    if (this.#given) {
      this.#list = this.#list.slice();
      this.#given = false;
    }
    for (const [index, service] of services.entries()) this.#list[offset + index] = service;
  }

  rebuild(): void {
    this.#list = undefined;
  }

  current(apps: ReadonlyMap<string, { readonly services: readonly Service[] }>): readonly Service[] {
    if (this.#list === undefined) {
      this.#list = [];
      this.#offsets = new Map();
      for (const id of [...apps.keys()].sort()) {
        this.#offsets.set(id, this.#list.length);
        this.#list.push(...(apps.get(id)?.services ?? []));
      }
    }
    this.#given = true;
    return this.#list;
  }
}
