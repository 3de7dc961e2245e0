import { PipelineError } from '../errors/pipeline-error.ts';
import { isEqualData } from '../helpers/equal.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import { checkService } from './check-service.ts';
import { emptyServiceSet, type ServiceSet } from './service-set.ts';

/**
 * Gives services their identity: what is equal to the set before becomes the same object, down to single endpoints.
 * After this, "what changed" is a comparison of pointers.
 */
export class Interner {
  /** What every id begins with; nothing for services that come from anywhere. */
  readonly #idPrefix: string;
  #current: ServiceSet = emptyServiceSet;
  /** What a plugin handed out, and what it became: a plugin that yields its own object again costs one look-up. */
  #known = new WeakMap<Service, Service>();

  constructor(idPrefix = '') {
    this.#idPrefix = idPrefix;
  }

  /**
   * Returns the same set as before when nothing changed. When it throws, the set before stays.
   * @throws {PipelineError} `PLUGIN_CONTRACT` when an id comes twice or has the wrong prefix, and for what is not a service.
   */
  intern(services: Iterable<Service>): ServiceSet {
    const previous = this.#current;
    const list: Service[] = [];
    let changed = false;
    for (const service of services) {
      if (service !== undefined && service === previous.list[list.length]) {
        list.push(service);
        continue;
      }
      const { before, interned } = this.#internOne(service, list.length);
      if (interned !== before) changed = true;
      list.push(interned);
    }
    const next = previous.next(list);
    if (!changed && next.size === previous.size) return previous;
    this.#current = next;
    return next;
  }

  #internOne(service: Service, position: number): { before: Service | undefined; interned: Service } {
    const known = this.#known.get(service);
    if (known === undefined) this.#check(service);
    const before = this.#current.getNear(service.id, position);
    if (before === service || (known !== undefined && known === before)) return { before, interned: before };
    const interned =
      before === undefined ? service : isEqualData(before, service) ? before : shareEndpoints(before, service);
    this.#known.set(service, interned);
    return { before, interned };
  }

  #check(service: Service): void {
    checkService(service);
    if (service.id.startsWith(this.#idPrefix)) return;
    throw new PipelineError(`the service id "${service.id}" does not begin with "${this.#idPrefix}"`, {
      code: 'PLUGIN_CONTRACT',
      hint: 'a source makes its service ids from context.id',
    });
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
