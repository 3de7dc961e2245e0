import { startTimer } from '../helpers/timer.ts';
import type { Emit } from './event-hub.ts';
import { applyGuards, guardDefaults, type HeldLoss, type ResolvedGuardOptions } from './guards.ts';
import type { GuardOptions } from './options.ts';
import type { ServiceSet } from './service-set.ts';
import type { GuardHold } from './status.ts';

export interface GuardKeeperOptions {
  readonly source: string;
  readonly guards: GuardOptions;
  readonly emit: Emit;
  /** Called when a hold has timed out or was confirmed, so that the set is judged again. */
  readonly onRelease: () => void;
}

/** Remembers the holds of one source: since when, until when, and what an operator confirmed. */
export class GuardKeeper {
  readonly #options: ResolvedGuardOptions;
  readonly #source: string;
  readonly #emit: Emit;
  readonly #onRelease: () => void;
  #holds = new Map<string, GuardHold>();
  #confirmed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ source, guards, emit, onRelease }: GuardKeeperOptions) {
    this.#source = source;
    this.#options = { ...guardDefaults, ...guards };
    this.#emit = emit;
    this.#onRelease = onRelease;
  }

  get holds(): readonly GuardHold[] {
    return [...this.#holds.values()];
  }

  get holdTimeoutMs(): number {
    return this.#options.holdTimeoutMs;
  }

  /** Returns what may come into force: `next`, or `next` with the losses that are held back. */
  judge(previous: ServiceSet, next: ServiceSet, intended: ReadonlySet<string>): ServiceSet {
    const now = Date.now();
    const result = applyGuards({
      previous,
      next,
      intended,
      options: this.#options,
      isReleased: (loss) => this.#confirmed.has(keyOf(loss)) || this.#hasTimedOut(loss, now),
    });
    this.#record(result.holds, now);
    return result.services;
  }

  /** Confirms the losses of one service, or of the whole source. */
  confirm(service?: string): void {
    for (const [key, hold] of this.#holds) {
      if (service === undefined || hold.service === service) this.#confirmed.add(key);
    }
    if (this.#confirmed.size > 0) this.#onRelease();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #hasTimedOut(loss: HeldLoss, now: number): boolean {
    const until = this.#holds.get(keyOf(loss))?.until;
    return until !== undefined && until <= now;
  }

  #record(losses: readonly HeldLoss[], now: number): void {
    const before = this.#holds;
    this.#holds = new Map();
    for (const loss of losses) {
      const key = keyOf(loss);
      const known = before.get(key);
      const hold: GuardHold = { ...loss, ...(known === undefined ? this.#times(loss, now) : timesOf(known)) };
      this.#holds.set(key, hold);
      if (known === undefined) this.#emit({ type: 'guard-hold', source: this.#source, hold });
    }
    for (const [key, hold] of before) {
      if (this.#holds.has(key)) continue;
      const timedOut = hold.until !== undefined && hold.until <= now;
      const cause = this.#confirmed.has(key) ? 'confirmed' : timedOut ? 'timeout' : 'recovered';
      this.#emit({ type: 'guard-release', source: this.#source, hold, cause });
    }
    this.#confirmed.clear();
    this.#setTimer(now);
  }

  #times(loss: HeldLoss, now: number): Pick<GuardHold, 'since' | 'until'> {
    const endless = loss.rule === 'onEmpty' && this.#options.onEmpty === 'keep';
    return endless ? { since: now } : { since: now, until: now + this.#options.holdTimeoutMs };
  }

  #setTimer(now: number): void {
    clearTimeout(this.#timer);
    const ends = this.holds.flatMap(({ until }) => (until === undefined ? [] : [until]));
    if (ends.length === 0) return;
    this.#timer = startTimer(this.#onRelease, Math.max(Math.min(...ends) - now, 0));
  }
}

function timesOf({ since, until }: GuardHold): Pick<GuardHold, 'since' | 'until'> {
  return until === undefined ? { since } : { since, until };
}

function keyOf(hold: { readonly service?: string; readonly rule: string }): string {
  return `${hold.rule} ${hold.service ?? ''}`;
}
