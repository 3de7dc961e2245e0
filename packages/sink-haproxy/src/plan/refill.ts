/**
 * Brings new spares before the last one is taken, so that the next new service needs no reload either: once few are left, and nothing new came for
 * a while. Nobody waits for this reload, and it keeps its distance from others as each does.
 */
export interface Refill {
  /** After each look: which spares are scarce, in words, and the structure that was wanted. */
  note(scarce: string | undefined, structureVersion: number): void;
  /** Until it is time; undefined when nothing is to come, or it has begun. */
  readonly waitMs: number | undefined;
  /** From now on there is a reason to reload. */
  begin(): void;
  /** Why to reload; undefined while it has not begun. */
  readonly reason: string | undefined;
  /** A reload was tried, for whatever reason. When spares are scarce all the same it failed, and the next quiet time is twice as long. */
  end(): void;
}

/** So that one that fails is tried every half hour at last, where 30 s were asked for. */
const mostDoublings = 6;

/** `afterMs`: how long nothing new may have come; 0 turns it off. */
export function createRefill(afterMs: number, now: () => number = () => performance.now()): Refill {
  let quietSinceMs = now();
  let version: number | undefined;
  let scarce: string | undefined;
  let hasBegun = false;
  let tries = 0;
  return {
    note(found, structureVersion) {
      if (version !== structureVersion) quietSinceMs = now();
      version = structureVersion;
      scarce = found;
      if (found !== undefined) return;
      hasBegun = false;
      tries = 0;
    },
    get waitMs() {
      if (afterMs === 0 || scarce === undefined || hasBegun) return undefined;
      return Math.max(0, quietSinceMs + afterMs * 2 ** tries - now());
    },
    begin() {
      hasBegun = true;
    },
    get reason() {
      return hasBegun ? scarce : undefined;
    },
    end() {
      hasBegun = false;
      quietSinceMs = now();
      tries = Math.min(tries + 1, mostDoublings);
    },
  };
}
