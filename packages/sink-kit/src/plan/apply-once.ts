import { type PlannedChange, SinkError } from '@signalbox/core';

/** The `apply` of a plan, which holds for one time. The second call throws SINK_TARGET_CHANGED, unless there is nothing to change. */
export function applyOnce(changes: readonly PlannedChange[], apply: () => Promise<void>): () => Promise<void> {
  let applied = false;
  return async () => {
    if (applied && changes.length > 0) {
      throw new SinkError('this plan was applied already', {
        code: 'SINK_TARGET_CHANGED',
        hint: 'make a new plan',
      });
    }
    await apply();
    applied = true;
  };
}
