import type { Warning } from '@signalbox/core';
import { inQuotes } from '../text/one-line.ts';

/** A service with the names that it wants to have passed through, and those that it serves where TLS ends. */
export interface PassthroughClaimant {
  readonly serviceId: string;
  readonly passthrough: readonly string[];
  /** Called only where they matter. */
  readonly endedHosts: () => Iterable<string>;
}

export interface SettledPassthrough<Claimant> {
  /** Who gets the connections for a name; undefined where TLS ends here all the same. In order. */
  readonly holders: ReadonlyMap<string, Claimant | undefined>;
  readonly warnings: readonly Warning[];
}

/**
 * Gives each name to one service; the first keeps it. Beside a wildcard, hosts whose TLS ends here are named too, since the more specific name has
 * to win.
 */
export function settlePassthrough<Claimant extends PassthroughClaimant>(
  claimants: readonly Claimant[],
): SettledPassthrough<Claimant> {
  const holders = new Map<string, Claimant | undefined>();
  const warnings: Warning[] = [];
  for (const claimant of claimants) {
    for (const hostname of claimant.passthrough) {
      const holder = holders.get(hostname);
      if (holder === undefined) holders.set(hostname, claimant);
      else {
        const message = `TLS for ${hostname} is not passed through: ${inQuotes(holder.serviceId)} has it`;
        warnings.push({ message, service: claimant.serviceId });
      }
    }
  }
  if ([...holders.keys()].some((hostname) => hostname.startsWith('*'))) {
    for (const { passthrough, endedHosts } of claimants) {
      // What stands beside its passthrough is a redirect of plain requests.
      if (passthrough.length > 0) continue;
      for (const hostname of endedHosts()) if (!holders.has(hostname)) holders.set(hostname, undefined);
    }
  }
  return { holders: new Map([...holders].sort(([left], [right]) => (left < right ? -1 : 1))), warnings };
}
