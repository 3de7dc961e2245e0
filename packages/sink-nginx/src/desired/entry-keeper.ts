import { type Entries, formatUpstream, toEntries, upstreamKey } from './entries.ts';
import type { Desired } from './model.ts';

/** Keeps the entries in step with the desired state, at the cost of what changed. */
export interface EntryKeeper {
  /**
   * All entries of the desired state: the same map each time, which changes with the next call. `touched` names at least the upstreams that differ from
   * the last call.
   */
  update(desired: Desired, touched: Iterable<string>): Entries;
}

export function createEntryKeeper(): EntryKeeper {
  let entries = new Map<string, string>();
  let last: Pick<Desired, 'structureVersion' | 'certificates'> | undefined;

  return {
    update(desired, touched) {
      const { structureVersion, certificates, upstreams } = desired;
      if (last?.structureVersion !== structureVersion || last.certificates !== certificates) {
        entries = new Map(toEntries(desired));
        last = { structureVersion, certificates };
        return entries;
      }
      for (const name of touched) {
        const upstream = upstreams.get(name);
        if (upstream === undefined) entries.delete(upstreamKey(name));
        else entries.set(upstreamKey(name), formatUpstream(upstream));
      }
      return entries;
    },
  };
}
