import type { Service } from '@signalbox/core';

/** Long enough for a guard that holds to see it, short enough not to excuse a later accident. */
const rememberForMs = 600_000;

/** Keeps account of losses that somebody wanted, so that guards let them pass. */
export class IntendedLosses {
  /** Ids of services that are gone on purpose, with the time when that was said. */
  readonly #services = new Map<string, number>();
  /** Ids of apps of which an event said that they are being deleted. */
  readonly #deletions = new Map<string, number>();
  /** Both kinds of ids together; copied before it is changed once it was given out. */
  #all = new Set<string>();
  #given = false;

  /** @returns whether it made a difference */
  setAsIntended(before: ReadonlySet<string>, after: ReadonlySet<string>): boolean {
    const added = [...after].filter((id) => !this.#all.has(id));
    const dropped = [...before].filter((id) => !after.has(id) && !this.#services.has(id));
    if (added.length === 0 && dropped.length === 0) return false;
    const all = this.#writable();
    for (const id of added) all.add(id);
    for (const id of dropped) all.delete(id);
    return true;
  }

  addServices(services: readonly Service[], nowMs: number): void {
    for (const { id } of services) {
      this.#services.set(id, nowMs);
      this.#writable().add(id);
    }
  }

  /** A service that exists again is judged by its definition alone; call this before {@link setAsIntended}. */
  forgetServices(services: readonly Service[]): void {
    for (const { id } of services) if (this.#services.delete(id)) this.#writable().delete(id);
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
      this.#writable().delete(id);
    }
  }

  current(): ReadonlySet<string> {
    this.#given = true;
    return this.#all;
  }

  #writable(): Set<string> {
    if (this.#given) this.#all = new Set(this.#all);
    this.#given = false;
    return this.#all;
  }
}
