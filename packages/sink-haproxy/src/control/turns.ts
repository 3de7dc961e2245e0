import { withAbort } from '@signalbox/core';

/** Lets one piece of work at a time pass, in the order of the calls. */
export interface Turns {
  /** Aborting ends the wait; work that has begun sees to that by itself. Rejects with what `work` throws, or with the signal's reason. */
  take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async take(work, signal) {
      const before = last;
      let end = (): void => {};
      const turn = new Promise<void>((resolve) => {
        end = resolve;
      });
      // Also of those who gave up: whoever comes next waits for everybody before.
      last = before.then(() => turn);
      try {
        await (signal === undefined ? before : withAbort(before, signal));
        return await work();
      } finally {
        end();
      }
    },
  };
}
