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
  /** The server is wanted again, or gone. */
  forget(backend: string, server: string): void;
  /** A deletion was tried: the next try comes after another quarantine. */
  postpone(backend: string, server: string): void;
  /** All are gone: another process serves. */
  clear(): void;
  /** How many wait in maintenance for a reload, since they cannot be deleted. */
  readonly retired: number;
  /** Milliseconds until the next step is due; undefined when none is. */
  readonly waitMs: number | undefined;
  /** Backends with a step that is due. */
  dueBackends(): ReadonlySet<string>;
}

export function createRetirement(settings: Settings, now: () => number = () => performance.now()): Retirement {
  const quarantineMs = Math.max(
    8_000,
    settings.queueTimeoutMs + (settings.retries + 1) * (settings.connectTimeoutMs + 1_000) + 1_000,
  );
  const entries = new Map<
    string,
    { readonly backend: string; readonly state: 'drain' | 'maintenance'; dueMs: number }
  >();

  const retired = new Set<string>();

  return {
    next(backend, server, state, deletes) {
      const key = `${backend}/${server}`;
      if (state === 'ready') return settings.drainTimeoutMs === 0 ? 'maintenance' : 'drain';
      if (state === 'maintenance' && !deletes) {
        entries.delete(key);
        retired.add(key);
        return undefined;
      }
      let entry = entries.get(key);
      if (entry?.state !== state) {
        entry = { backend, state, dueMs: now() + (state === 'drain' ? settings.drainTimeoutMs : quarantineMs) };
        entries.set(key, entry);
      }
      if (now() < entry.dueMs) return undefined;
      return state === 'drain' ? 'maintenance' : 'delete';
    },
    forget(backend, server) {
      // Asked for every server of a backend that changed, and hardly ever with anything to forget.
      if (entries.size === 0 && retired.size === 0) return;
      entries.delete(`${backend}/${server}`);
      retired.delete(`${backend}/${server}`);
    },
    postpone(backend, server) {
      const entry = entries.get(`${backend}/${server}`);
      if (entry !== undefined) entry.dueMs = now() + quarantineMs;
    },
    clear() {
      entries.clear();
      retired.clear();
    },
    get retired() {
      return retired.size;
    },
    dueBackends() {
      const due = new Set<string>();
      const nowMs = now();
      for (const { backend, dueMs } of entries.values()) if (dueMs <= nowMs) due.add(backend);
      return due;
    },
    get waitMs() {
      let earliestMs = Number.POSITIVE_INFINITY;
      for (const { dueMs } of entries.values()) earliestMs = Math.min(earliestMs, dueMs);
      return earliestMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, earliestMs - now());
    },
  };
}
