import type { ResolvedAddresses } from './resolve.ts';

/** Keeps addresses for as long as their TTL says. That there are none is not kept. */
export class AddressCache {
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly addresses: readonly string[]; readonly untilMs: number }>();

  /** @param now - milliseconds of a clock that never jumps */
  constructor(now: () => number) {
    this.#now = now;
  }

  async addresses(name: string, resolve: () => Promise<ResolvedAddresses>): Promise<readonly string[]> {
    const known = this.#known.get(name);
    if (known !== undefined && known.untilMs > this.#now()) return known.addresses;
    const { addresses, ttlSeconds = 0 } = await resolve();
    if (addresses.length > 0) this.#known.set(name, { addresses, untilMs: this.#now() + ttlSeconds * 1_000 });
    return addresses;
  }

  /** For how long what was found last is true; undefined for a name of which nothing is kept. */
  remainingMs(name: string): number | undefined {
    const known = this.#known.get(name);
    return known && Math.max(0, known.untilMs - this.#now());
  }

  /** Forgets what has expired. */
  prune(): void {
    for (const [name, { untilMs }] of this.#known) if (untilMs <= this.#now()) this.#known.delete(name);
  }
}
