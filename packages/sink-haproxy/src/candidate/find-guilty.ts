import { findGuiltyItems } from '@signalbox/sink-kit';
import type { Backend, Desired, Maps } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';

/** Tells what the proxy has against a candidate; undefined when it takes it. */
export type Check = (desired: Desired) => Promise<Error | undefined>;

export interface Guilty {
  readonly backend: Backend;
  readonly error: Error;
}

/**
 * The backends without which HAProxy takes the candidate. Undefined when even the candidate without any backend is refused, so that no service is
 * to blame.
 */
export async function findGuilty(desired: Desired, check: Check): Promise<readonly Guilty[] | undefined> {
  const guilty = await findGuiltyItems(desired.backends.values(), (backends) => check(keep(desired, backends)));
  return guilty?.map(({ item, error }) => ({ backend: item, error }));
}

/** The same with these backends only, and what leads to them. */
function keep(desired: Desired, backends: readonly Backend[]): Desired {
  const kept = new Map(backends.map((backend) => [backend.name, backend]));
  const only = (map: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...map].filter(([, target]) => kept.has(backendOfTarget(target))));
  const maps: Maps = {
    exact: only(desired.maps.exact),
    prefix: only(desired.maps.prefix),
    port: only(desired.maps.port),
    sni: only(desired.maps.sni),
    spare: new Map(),
  };
  const hasPort = (port: number): boolean => maps.port.has(String(port));
  return {
    ...desired,
    backends: kept,
    maps,
    rules: desired.rules.filter(({ backend }) => kept.has(backend)),
    filters: desired.filters.filter(({ backend }) => kept.has(backend)),
    ports: { ...desired.ports, http: desired.ports.http.filter(hasPort), tcp: desired.ports.tcp.filter(hasPort) },
  };
}
