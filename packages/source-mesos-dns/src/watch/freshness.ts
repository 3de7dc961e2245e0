import { SourceError } from '@signalbox/core';

/** What an answer says about its own age. */
export interface AgeSigns {
  /** Unix time in seconds when a master was last read. */
  readonly serial: number;
  /** How old that was by the clock of the server itself, which needs no other clock to be right; absent if it does not say. */
  readonly ageMs?: number;
  readonly staleAfterMs: number;
}

interface Seen {
  readonly serial: number;
  /** When this serial was seen for the first time, on our own clock. */
  readonly sinceMs: number;
  /** With which serial it began to answer, since it last could not be asked. */
  readonly contactSerial: number | undefined;
}

/**
 * Judges the age of what servers answer. A Mesos-DNS that cannot read a master goes on to answer with its old records, and only its
 * serial tells; and of two servers the one that was read second may have read its master first.
 */
export class Freshness {
  readonly #now: () => number;
  readonly #seen = new Map<string, Seen>();
  #newest: { readonly server: string; readonly serial: number } | undefined;

  /** @param now - milliseconds of a clock that never jumps */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Whether the answer is news, rather than older than what another server said before. Such a server is believed again when
   * its serial has moved: clocks differ, and a restart or a clock that was set back must not silence it.
   *
   * @throws {SourceError} `SOURCE_TIMEOUT` when the records are too old.
   */
  isNews(server: string, { serial, ageMs = 0, staleAfterMs }: AgeSigns): boolean {
    const before = this.#seen.get(server);
    const sinceMs = before?.serial === serial ? before.sinceMs : this.#now();
    const contactSerial = before?.contactSerial ?? serial;
    this.#seen.set(server, { serial, sinceMs, contactSerial });
    const knownAgeMs = Math.max(ageMs, this.#now() - sinceMs);
    if (knownAgeMs > staleAfterMs) throw staleError(server, knownAgeMs);
    const isBehind = this.#newest !== undefined && this.#newest.server !== server && serial < this.#newest.serial;
    if (isBehind && serial === contactSerial) return false;
    this.#newest = { server, serial };
    return true;
  }

  /** The server could not be asked: it may be away for long, and be behind others when it is back. */
  noteFailure(server: string): void {
    const seen = this.#seen.get(server);
    if (seen !== undefined) this.#seen.set(server, { ...seen, contactSerial: undefined });
  }
}

function staleError(server: string, ageMs: number): SourceError {
  return new SourceError(`reading ${server}: its records are ${Math.round(ageMs / 1_000)} s old`, {
    code: 'SOURCE_TIMEOUT',
    url: server,
    hint: 'check that Mesos-DNS reaches the leading Mesos master; its log says "keeping old DNS state" when it does not',
  });
}
