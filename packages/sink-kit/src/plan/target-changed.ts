import { SinkError } from '@signalbox/core';

/** For an apply that finds something else than its plan saw. @param what - e.g. `HAProxy`, or a file */
export function targetChanged(what: string): SinkError {
  return new SinkError(`${what} was changed by others between plan and apply`, {
    code: 'SINK_TARGET_CHANGED',
    hint: 'nothing to do: a new plan follows',
  });
}
