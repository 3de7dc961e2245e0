import type { Warning } from '@signalbox/core';
import { settlePassthrough } from '@signalbox/sink-kit';
import type { ServiceUnit } from '../describe-service.ts';
import { withoutScope } from './scopes.ts';

/** The backend that stands for "ends here" in the map of names; it is always there. */
export const terminated = 's_none';

/** The wildcards that are looked up, whether there are any or not: so a new one needs no reload. */
export const mostWildcardLabels = 5;

/** Names of handshakes to backends; the lowest id keeps a name. */
export function settlePassthroughNames(units: readonly ServiceUnit[]): {
  readonly sni: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
} {
  const claimants = units.flatMap(({ service, backend, passthrough, claims }) =>
    backend === undefined
      ? []
      : [
          {
            serviceId: service.id,
            backend: backend.name,
            passthrough,
            endedHosts: () => claims.map(({ key }) => withoutScope(key).split('/', 1)[0] ?? ''),
          },
        ],
  );
  const { holders, warnings } = settlePassthrough(claimants);
  return {
    sni: new Map([...holders].map(([hostname, holder]) => [hostname, holder?.backend ?? terminated])),
    warnings,
  };
}
