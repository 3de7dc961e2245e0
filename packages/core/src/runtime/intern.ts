import { PipelineError } from '../errors/pipeline-error.ts';
import { isEqualData } from '../helpers/equal.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';

export type ServiceMap = ReadonlyMap<string, Service>;

/**
 * Gives services their identity: what is equal to the set before becomes the same object, down to single endpoints.
 * After this, "what changed" is a comparison of pointers.
 */
export class Interner {
  #current: ServiceMap = new Map();
  /** What a plugin handed out, and what it became: a plugin that yields its own object again costs one look-up. */
  #known = new WeakMap<Service, Service>();

  get current(): ServiceMap {
    return this.#current;
  }

  /** Returns the same map as before when nothing changed. @throws {PipelineError} `PLUGIN_CONTRACT` when an id comes twice. */
  intern(services: Iterable<Service>): ServiceMap {
    const previous = this.#current;
    const next = new Map<string, Service>();
    let changed = false;
    for (const service of services) {
      if (next.has(service.id)) {
        throw new PipelineError(`two services have the id "${service.id}"`, { code: 'PLUGIN_CONTRACT' });
      }
      const before = previous.get(service.id);
      const interned = this.#internOne(before, service);
      if (interned !== before) changed = true;
      next.set(service.id, interned);
    }
    if (!changed && next.size === previous.size) return previous;
    this.#current = next;
    return next;
  }

  #internOne(before: Service | undefined, service: Service): Service {
    if (before === undefined || before === service) return service;
    if (this.#known.get(service) === before) return before;
    const interned = isEqualData(before, service) ? before : shareEndpoints(before, service);
    this.#known.set(service, interned);
    return interned;
  }
}

function shareEndpoints(before: Service, service: Service): Service {
  const known = new Map<string, Endpoint>(before.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  let shared = false;
  const endpoints = service.endpoints.map((endpoint) => {
    const old = known.get(endpoint.id);
    if (old === undefined || old === endpoint || !isEqualData(old, endpoint)) return endpoint;
    shared = true;
    return old;
  });
  return shared ? { ...service, endpoints } : service;
}
