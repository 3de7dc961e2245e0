import { withAbort } from '@signalbox/core';

/** Lets one piece of work at a time pass, in the order of the calls; at once where there is none before. */
export interface Turns {
  /** Aborting ends the wait; work that has begun sees to that by itself. Rejects with what `work` throws, or with the signal's reason. */
  take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

export function createTurns(): Turns {
  /** Undefined while nobody has the turn. */
  let last: Promise<unknown> | undefined;
  return {
    async take(work, signal) {
      const before = last;
      let end = (): void => {};
      const turn = new Promise<void>((resolve) => {
        end = resolve;
      });
      // Also of those who gave up: whoever comes next waits for everybody before.
      const own = before === undefined ? turn : before.then(() => turn);
      last = own;
      let hasBegun = false;
      try {
        if (before !== undefined) await (signal === undefined ? before : withAbort(before, signal));
        hasBegun = true;
        return await work();
      } finally {
        end();
        if (hasBegun && last === own) last = undefined;
      }
    },
  };
}
