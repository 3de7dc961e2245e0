import type { Service } from '@signalbox/core';

/** Long enough for a guard that holds to see it, short enough not to excuse a later accident. */
const rememberForMs = 600_000;

/** Keeps account of losses that somebody wanted, so that guards let them pass. */
export class IntendedLosses {
  /** Ids of services that are gone on purpose, with the time when that was said. */
  readonly #services = new Map<string, number>();
  /** Ids of apps of which an event said that they are being deleted. */
  readonly #deletions = new Map<string, number>();
  #current: ReadonlySet<string> | undefined;

  addServices(services: readonly Service[], nowMs: number): void {
    for (const { id } of services) this.#services.set(id, nowMs);
    if (services.length > 0) this.invalidate();
  }

  stateDeletion(appId: string, nowMs: number): void {
    this.#deletions.set(appId, nowMs);
  }

  isDeletionStated(appId: string): boolean {
    return this.#deletions.has(appId);
  }

  forgetDeletion(appId: string): void {
    this.#deletions.delete(appId);
  }

  prune(nowMs: number): void {
    for (const [id, atMs] of this.#deletions) if (atMs + rememberForMs < nowMs) this.#deletions.delete(id);
    for (const [id, atMs] of this.#services) {
      if (atMs + rememberForMs >= nowMs) continue;
      this.#services.delete(id);
      this.invalidate();
    }
  }

  invalidate(): void {
    this.#current = undefined;
  }

  /** Rebuilt only after something was added or dropped: with 10,000 services that is most of the cost of a snapshot. */
  current(
    entries: Iterable<{ readonly services: readonly Service[]; readonly asIntended: ReadonlySet<string> }>,
  ): ReadonlySet<string> {
    if (this.#current !== undefined) return this.#current;
    const intended = new Set<string>();
    for (const entry of entries) {
      // A service that exists again is judged by its definition alone.
      for (const { id } of entry.services) this.#services.delete(id);
      for (const id of entry.asIntended) intended.add(id);
    }
    for (const id of this.#services.keys()) intended.add(id);
    this.#current = intended;
    return intended;
  }
}
