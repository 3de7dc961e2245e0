import { compileSelector, portNameOf, type Route, type Selector, type Service } from '@signalbox/core';
import type { MergePool } from './merge-options.ts';

/** Where a service belongs. */
export interface PoolPlace {
  /** Equal for all services of one pool. */
  readonly key: string;
  /** Position of the pool in the options. */
  readonly pool: number;
  /** Position of the origin in the pool. */
  readonly origin: number;
}

/** Compiles the pools into a look-up that remembers what it said of each service object. */
export function compilePools(pools: readonly MergePool[]): (service: Service) => PoolPlace | undefined {
  const compiled = pools.map(({ by, origins = [{ match: '*' }] }) => ({
    keyOf: keyReader(by),
    origins: origins.map(({ match }) => compileSelector({ any: [match].flat() as Selector[] })),
  }));
  const find = (service: Service): PoolPlace | undefined => {
    for (const [pool, { keyOf, origins }] of compiled.entries()) {
      const origin = origins.findIndex((matches) => matches(service));
      const key = origin < 0 ? undefined : keyOf(service);
      if (key !== undefined) return { key: `${pool} ${key}`, pool, origin };
    }
    return undefined;
  };
  const known = new WeakMap<Service, { readonly place: PoolPlace | undefined }>();
  return (service) => {
    const entry = known.get(service) ?? { place: find(service) };
    known.set(service, entry);
    return entry.place;
  };
}

/** What services of one pool have in common; `undefined` for one that has nothing of the kind. */
function keyReader(by: MergePool['by']): (service: Service) => string | undefined {
  if (by === undefined) return () => '';
  if (by === 'name') return ({ id, name }) => JSON.stringify([name, portNameOf(id)]);
  if (by === 'port') return ({ port, protocol }) => (port === undefined ? undefined : `${port} ${protocol}`);
  if (by === 'route') return ({ routes = [] }) => (routes.length === 0 ? undefined : requestsOf(routes));
  return ({ id, labels }) =>
    Object.hasOwn(labels, by.label) ? JSON.stringify([labels[by.label], portNameOf(id)]) : undefined;
}

/** The conditions of all routes, in an order of their own; what is done with a request does not matter. */
function requestsOf(routes: readonly Route[]): string {
  const conditions = routes.map(({ hostnames = [], path, headers = [], queryParams = [], methods = [] }) =>
    JSON.stringify([
      [...hostnames].sort(),
      path === undefined ? null : [path.type, path.value],
      headers.map(({ name, value, type = 'exact' }) => JSON.stringify([name.toLowerCase(), value, type])).sort(),
      queryParams.map(({ name, value, type = 'exact' }) => JSON.stringify([name, value, type])).sort(),
      [...methods].sort(),
    ]),
  );
  return JSON.stringify(conditions.sort());
}
