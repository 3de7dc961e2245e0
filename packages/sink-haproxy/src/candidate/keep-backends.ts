import type { Backend, Desired, Maps } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';

/** The same with these backends only, and what leads to them. */
export function keepBackends(desired: Desired, backends: readonly Backend[]): Desired {
  const kept = new Map(backends.map((backend) => [backend.name, backend]));
  const only = (map: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...map].filter(([, target]) => kept.has(backendOfTarget(target))));
  const maps: Maps = {
    route: only(desired.maps.route),
    port: only(desired.maps.port),
    sni: only(desired.maps.sni),
    spare: new Map(),
    check: new Map([...desired.maps.check].filter(([name]) => kept.has(name))),
  };
  const hasPort = (port: number): boolean => maps.port.has(String(port));
  return {
    ...desired,
    backends: kept,
    maps,
    rules: desired.rules.filter(({ backend }) => kept.has(backend)),
    filters: desired.filters.filter(({ backend }) => kept.has(backend)),
    ports: {
      ranges: desired.ports.ranges,
      http: desired.ports.http.filter(hasPort),
      https: desired.ports.https.filter(hasPort),
      tcp: desired.ports.tcp.filter(hasPort),
      tls: desired.ports.tls.filter(hasPort),
    },
  };
}
