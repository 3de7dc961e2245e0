import type { Backend, Desired, Maps } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';

/** Tells what the proxy has against a candidate; undefined when it takes it. */
export type Check = (desired: Desired) => Promise<Error | undefined>;

export interface Guilty {
  readonly backend: Backend;
  readonly error: Error;
}

/**
 * The backends without which HAProxy takes the candidate, found by bisection: log2(n) checks for each. Undefined when even the candidate
 * without any backend is refused, so that no service is to blame.
 */
export async function findGuilty(desired: Desired, check: Check): Promise<readonly Guilty[] | undefined> {
  if ((await check(keep(desired, []))) !== undefined) return undefined;
  const guilty: Guilty[] = [];
  let suspects = [...desired.backends.values()];
  for (;;) {
    let error = await check(keep(desired, suspects));
    if (error === undefined) return guilty;
    // The shortest prefix that is refused ends with a guilty one.
    let good = 0;
    let bad = suspects.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      const refusal = await check(keep(desired, suspects.slice(0, middle)));
      if (refusal === undefined) good = middle;
      else {
        bad = middle;
        error = refusal;
      }
    }
    const backend = suspects[bad - 1];
    if (backend === undefined) return undefined;
    guilty.push({ backend, error });
    // What stood before it was taken, so only the rest can hold another one; the prefix stays for the complete check.
    suspects = suspects.filter((suspect) => suspect !== backend);
  }
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
  };
  const hasPort = (port: number): boolean => maps.port.has(String(port));
  return {
    ...desired,
    backends: kept,
    maps,
    rules: desired.rules.filter(({ backend }) => kept.has(backend)),
    filters: desired.filters.filter(({ backend }) => kept.has(backend)),
    ports: { http: desired.ports.http.filter(hasPort), tcp: desired.ports.tcp.filter(hasPort) },
  };
}
