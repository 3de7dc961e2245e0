import type { Endpoint, Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';

/** Services with one endpoint each that a shared listener offers by name; nobody listens at the endpoints. */
export class Fleet {
  readonly #services: Map<string, Service>;
  #endpoints = 0;

  constructor(count: number) {
    const services = Array.from({ length: count }, (_, index) => {
      const name = `app-${String(index).padStart(5, '0')}`;
      const routes = [{ hostnames: [`${name}.bench.test`] }];
      return service(name, { source: 'bench', appProtocol: 'http', routes, endpoints: [this.#nextEndpoint()] });
    });
    this.#services = new Map(services.map((item) => [item.id, item]));
  }

  get services(): readonly Service[] {
    return [...this.#services.values()];
  }

  /** Gives one more endpoint to each of the first services. */
  grow(count: number): readonly Service[] {
    for (const item of this.services.slice(0, count)) {
      this.#services.set(item.id, { ...item, endpoints: [...item.endpoints, this.#nextEndpoint()] });
    }
    return this.services;
  }

  /** One more service, which no proxy can take without a reload. */
  found(): readonly Service[] {
    const name = `new-${String(this.#services.size).padStart(5, '0')}`;
    const routes = [{ hostnames: [`${name}.bench.test`] }];
    const added = service(name, { source: 'bench', appProtocol: 'http', routes, endpoints: [this.#nextEndpoint()] });
    this.#services.set(added.id, added);
    return this.services;
  }

  /** Never the same twice. */
  #nextEndpoint(): Endpoint {
    this.#endpoints += 1;
    const host = Math.floor(this.#endpoints / 20_000);
    return endpoint({ address: `127.0.57.${host + 1}`, port: 10_000 + (this.#endpoints % 20_000) });
  }
}
