import { lookup } from 'node:dns/promises';
import { withAbort } from '@signalbox/core';

/**
 * Resolves the host names of endpoints, for proxies that do not (`add server` of HAProxy, `set_current_peer` of nginx's Lua). One
 * address of each name is used, the lowest, so that an answer in another order changes nothing; a name that stops resolving keeps its last.
 */
export interface HostAddresses {
  /** Remembers names that it does not know, for {@link resolve}. */
  lookUp(hostname: string): string | undefined;
  /** Resolves the names that were asked for in vain, or with `all` every known one. True when an address changed. */
  resolve(options: { readonly all: boolean; readonly signal: AbortSignal }): Promise<boolean>;
}

export function createHostAddresses(timeoutMs = 5_000): HostAddresses {
  const addresses = new Map<string, string | undefined>();
  let unknown = new Set<string>();

  return {
    lookUp(hostname) {
      if (!addresses.has(hostname)) unknown.add(hostname);
      return addresses.get(hostname);
    },
    async resolve({ all, signal }) {
      const names = all ? new Set([...addresses.keys(), ...unknown]) : unknown;
      unknown = new Set();
      if (names.size === 0) return false;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      let changed = false;
      await Promise.all(
        [...names].map(async (hostname) => {
          let address = addresses.get(hostname);
          try {
            const answers = await withAbort(lookup(hostname, { all: true }), limit);
            address = answers.map((answer) => answer.address).sort()[0] ?? address;
          } catch {
            signal.throwIfAborted();
          }
          changed ||= !addresses.has(hostname) || addresses.get(hostname) !== address;
          addresses.set(hostname, address);
        }),
      );
      return changed;
    },
  };
}
