import type { ObservedServer } from '../observed/model.ts';
import type { Settings } from '../settings.ts';

/** What an unwanted server needs now. */
export type RetirementStep = 'drain' | 'maintenance' | 'delete';

/**
 * Takes unwanted servers out step by step: drain, maintenance, and after a quarantine deletion. HAProxy crashes when a server with failing
 * or queued connections is deleted (2.6.12 in 6 of 7 runs); with the quarantine it did not in 12,300 deletions. Before 3.0 nothing is
 * deleted: such servers stay in maintenance, some KiB each, until a reload drops them.
 */
export interface Retirement {
  /** Remembers when the server was first seen in this state. */
  next(backend: string, server: string, state: ObservedServer['state'], deletes: boolean): RetirementStep | undefined;
  /** The server is wanted again. */
  forget(backend: string, server: string): void;
  /** What was remembered of servers of this backend that are not among these is dropped. */
  keep(backend: string, servers: ReadonlyMap<string, unknown>): void;
  /** Whether the quarantine of an empty backend that nobody wants is over. Remembers when it was first seen so. */
  mayDelete(backend: string): boolean;
  /** The backend is wanted again, or gone. */
  forgetBackend(backend: string): void;
  /** A deletion was tried: the next try comes after another quarantine. */
  postpone(backend: string, server: string): void;
  postponeBackend(backend: string): void;
  /** All are gone: another process serves. */
  clear(): void;
  /** How many wait in maintenance for a reload, since they cannot be deleted. */
  readonly retired: number;
  /** Milliseconds until the next step is due; undefined when none is. */
  readonly waitMs: number | undefined;
  /** Backends with a step that is due, or that are due themselves. */
  dueBackends(): ReadonlySet<string>;
}

export function createRetirement(settings: Settings, now: () => number = () => performance.now()): Retirement {
  const quarantineMs = Math.max(
    settings.leastQuarantineMs,
    settings.queueTimeoutMs + (settings.retries + 1) * (settings.connectTimeoutMs + 1_000) + 1_000,
  );
  const entries = new Map<string, Map<string, Entry>>();
  const retired = new Map<string, Set<string>>();
  /** When empty backends may be deleted. */
  const backends = new Map<string, number>();

  const drop = (backend: string, server: string): void => {
    dropFrom(entries, backend, server);
    dropFrom(retired, backend, server);
  };

  return {
    next(backend, server, state, deletes) {
      if (state === 'ready') return settings.drainTimeoutMs === 0 ? 'maintenance' : 'drain';
      if (state === 'maintenance' && !deletes) {
        dropFrom(entries, backend, server);
        getOrSet(retired, backend, () => new Set<string>()).add(server);
        return undefined;
      }
      const ofBackend = getOrSet(entries, backend, () => new Map<string, Entry>());
      let entry = ofBackend.get(server);
      if (entry?.state !== state) {
        entry = { state, dueMs: now() + (state === 'drain' ? settings.drainTimeoutMs : quarantineMs) };
        ofBackend.set(server, entry);
      }
      if (now() < entry.dueMs) return undefined;
      return state === 'drain' ? 'maintenance' : 'delete';
    },
    forget(backend, server) {
      // Asked for every server of a backend that changed, and hardly ever with anything to forget.
      if (entries.size > 0 || retired.size > 0) drop(backend, server);
    },
    keep(backend, servers) {
      if (entries.size === 0 && retired.size === 0) return;
      for (const known of [entries.get(backend), retired.get(backend)]) {
        for (const server of known?.keys() ?? []) if (!servers.has(server)) drop(backend, server);
      }
    },
    mayDelete(backend) {
      return getOrSet(backends, backend, () => now() + quarantineMs) <= now();
    },
    forgetBackend(backend) {
      backends.delete(backend);
    },
    postpone(backend, server) {
      const entry = entries.get(backend)?.get(server);
      if (entry !== undefined) entry.dueMs = now() + quarantineMs;
    },
    postponeBackend(backend) {
      backends.set(backend, now() + quarantineMs);
    },
    clear() {
      entries.clear();
      retired.clear();
      backends.clear();
    },
    get retired() {
      let count = 0;
      for (const { size } of retired.values()) count += size;
      return count;
    },
    dueBackends() {
      const due = new Set<string>();
      const nowMs = now();
      for (const [backend, dueMs] of dueTimes()) if (dueMs <= nowMs) due.add(backend);
      return due;
    },
    get waitMs() {
      let earliestMs = Number.POSITIVE_INFINITY;
      for (const [, dueMs] of dueTimes()) earliestMs = Math.min(earliestMs, dueMs);
      return earliestMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, earliestMs - now());
    },
  };

  function* dueTimes(): Generator<readonly [backend: string, dueMs: number]> {
    for (const [backend, servers] of entries) for (const { dueMs } of servers.values()) yield [backend, dueMs];
    yield* backends;
  }
}

interface Entry {
  readonly state: 'drain' | 'maintenance';
  dueMs: number;
}

function getOrSet<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function dropFrom(byBackend: Map<string, Map<string, unknown> | Set<string>>, backend: string, server: string): void {
  const servers = byBackend.get(backend);
  if (servers?.delete(server) && servers.size === 0) byBackend.delete(backend);
}
