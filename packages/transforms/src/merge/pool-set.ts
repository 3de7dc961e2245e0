import type { Service } from '@signalbox/core';
import { buildPool, type Pool } from './build-pool.ts';
import type { PoolPlace } from './find-pool.ts';
import { compareMembers, type Member } from './members.ts';
import type { MergePool } from './merge-options.ts';

export interface PlacedPool {
  /** Position in the options. */
  readonly position: number;
  readonly pool: Pool;
}

/**
 * The pools of the services that came last, and what goes on. When the same services come again and some of them have changed, only
 * their pools are looked at.
 */
export class PoolSet {
  readonly #options: readonly MergePool[];
  readonly #placeOf: (service: Service) => PoolPlace | undefined;
  #services: readonly Service[] = [];
  #pools = new Map<string, PlacedPool>();
  #output: readonly Service[] = [];
  /** Where in the output a service stands, by its id. */
  #positions = new Map<string, number>();

  constructor(options: readonly MergePool[], placeOf: (service: Service) => PoolPlace | undefined) {
    this.#options = options;
    this.#placeOf = placeOf;
  }

  get services(): readonly Service[] {
    return this.#services;
  }

  get pools(): Iterable<PlacedPool> {
    return this.#pools.values();
  }

  find(serviceId: string): PlacedPool | undefined {
    const service = this.#services.find(({ id }) => id === serviceId);
    return service && this.#pools.get(this.#placeOf(service)?.key ?? '');
  }

  update(services: readonly Service[]): readonly Service[] {
    if (!this.#updateChanged(services)) this.#updateAll(services);
    this.#services = services;
    return this.#output;
  }

  /** False when more than the content of some services is different. */
  #updateChanged(services: readonly Service[]): boolean {
    if (services.length !== this.#services.length) return false;
    const changed = new Map<Service, Service>();
    const keys = new Set<string>();
    for (const [position, service] of services.entries()) {
      const before = this.#services[position] as Service;
      if (before === service) continue;
      const place = this.#placeOf(service);
      const placeBefore = this.#placeOf(before);
      const isInPlace = place?.key === placeBefore?.key && place?.origin === placeBefore?.origin;
      if (service.id !== before.id || !isInPlace) return false;
      changed.set(before, service);
      if (place !== undefined) keys.add(place.key);
    }
    const output = [...this.#output];
    for (const service of changed.values()) {
      const position = this.#positions.get(service.id);
      if (position !== undefined) output[position] = service;
    }
    const rebuilt = new Map<string, PlacedPool>();
    for (const key of keys) {
      const { position, pool } = this.#pools.get(key) as PlacedPool;
      const members = pool.members.map(({ service, origin }) => ({ service: changed.get(service) ?? service, origin }));
      const next = buildPool(members, this.#options[position] as MergePool);
      if (!standsAsBefore(pool, next)) return false;
      rebuilt.set(key, { position, pool: next });
      output[this.#positions.get(next.merged.id) as number] = next.merged;
    }
    for (const [key, pool] of rebuilt) this.#pools.set(key, pool);
    this.#output = output;
    return true;
  }

  #updateAll(services: readonly Service[]): void {
    const groups = new Map<string, { readonly position: number; readonly members: Member[] }>();
    for (const service of services) {
      const place = this.#placeOf(service);
      if (place === undefined) continue;
      const member = { service, origin: place.origin };
      const group = groups.get(place.key);
      if (group === undefined) groups.set(place.key, { position: place.pool, members: [member] });
      else group.members.push(member);
    }
    const pools = new Map<string, PlacedPool>();
    for (const [key, { position, members }] of groups) {
      members.sort(compareMembers);
      const before = this.#pools.get(key);
      const isSame = before !== undefined && hasSameMembers(before.pool, members);
      pools.set(key, isSame ? before : { position, pool: buildPool(members, this.#options[position] as MergePool) });
    }
    this.#pools = pools;
    this.#output = services.flatMap((service) => this.#goesOn(service));
    this.#positions = new Map(this.#output.map(({ id }, position) => [id, position]));
  }

  #goesOn(service: Service): readonly Service[] {
    const pool = this.#pools.get(this.#placeOf(service)?.key ?? '')?.pool;
    if (pool === undefined || pool.leftOut.has(service)) return [service];
    return service.id === pool.merged.id ? [pool.merged] : [];
  }
}

function hasSameMembers(pool: Pool, members: readonly Member[]): boolean {
  return (
    pool.members.length === members.length &&
    members.every(({ service, origin }, index) => {
      const before = pool.members[index];
      return before?.service === service && before.origin === origin;
    })
  );
}

/** Whether the same services are joined and the same ones left out. */
function standsAsBefore(before: Pool, after: Pool): boolean {
  return (
    before.joined.length === after.joined.length &&
    before.joined.every(({ service: { id } }, index) => id === after.joined[index]?.service.id)
  );
}
