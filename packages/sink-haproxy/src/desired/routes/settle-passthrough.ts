import type { Warning } from '@signalbox/core';
import { inQuotes } from '@signalbox/sink-kit';
import type { ServiceUnit } from '../describe-service.ts';
import { withoutScope } from './scopes.ts';

/** The backend that stands for "ends here" in the map of names; it is always there. */
export const terminated = 's_none';

export interface SettledPassthrough {
  /** Names of handshakes to backends. */
  readonly sni: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
}

/**
 * Gives each name to one service; the lowest id keeps it. Beside a wildcard, hosts whose TLS ends here are named too, since the more specific
 * name has to win.
 */
export function settlePassthrough(units: readonly ServiceUnit[]): SettledPassthrough {
  const holders = new Map<string, ServiceUnit>();
  const warnings: Warning[] = [];
  for (const unit of units) {
    if (unit.backend === undefined) continue;
    for (const hostname of unit.passthrough) {
      const holder = holders.get(hostname);
      if (holder === undefined) holders.set(hostname, unit);
      else {
        const message = `TLS for ${hostname} is not passed through: ${inQuotes(holder.service.id)} has it`;
        warnings.push({ message, service: unit.service.id });
      }
    }
  }
  const sni = new Map<string, string>();
  for (const [hostname, { backend }] of holders) sni.set(hostname, backend?.name ?? terminated);
  if ([...sni.keys()].some((hostname) => hostname.startsWith('*'))) {
    for (const unit of units) {
      // What stands beside its passthrough is a redirect of plain requests.
      if (unit.backend === undefined || unit.passthrough.length > 0) continue;
      for (const { key } of unit.claims) {
        const hostname = withoutScope(key).split('/', 1)[0] ?? '';
        if (!sni.has(hostname)) sni.set(hostname, terminated);
      }
    }
  }
  return { sni: new Map([...sni].sort(([left], [right]) => (left < right ? -1 : 1))), warnings };
}
