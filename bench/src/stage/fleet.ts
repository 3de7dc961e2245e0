import type { Endpoint, Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';

/** Services with one endpoint each that a shared listener offers by name; nobody listens at the endpoints. */
export class Fleet {
  readonly #services: Map<string, Service>;
  #endpoints = 0;
  #weight = 1;
  /** Where the next turn begins. */
  #grown = 0;

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

  /** Gives one more endpoint to each of so many services, in turns, so that none becomes larger than the others. */
  grow(count: number): readonly Service[] {
    const { services } = this;
    for (let index = 0; index < count; index += 1) {
      const item = services[(this.#grown + index) % services.length];
      if (item === undefined) continue;
      this.#services.set(item.id, { ...item, endpoints: [...item.endpoints, this.#nextEndpoint()] });
    }
    this.#grown = (this.#grown + count) % services.length;
    return this.services;
  }

  /** Gives the first endpoint of each of so many services another weight; none comes or goes. */
  weigh(count: number): readonly Service[] {
    this.#weight = (this.#weight % 256) + 1;
    for (const item of this.services.slice(0, count)) {
      const [first, ...others] = item.endpoints;
      if (first === undefined) continue;
      this.#services.set(item.id, { ...item, endpoints: [{ ...first, weight: this.#weight }, ...others] });
    }
    return this.services;
  }

  /** One more service, which HAProxy cannot take without a reload, because a condition of its route is no matter of a map. */
  found(): readonly Service[] {
    const name = `new-${String(this.#services.size).padStart(5, '0')}`;
    const routes = [{ hostnames: [`${name}.bench.test`], methods: ['GET'] }];
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
