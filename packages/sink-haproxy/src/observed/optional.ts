import { isPipelineError } from '@signalbox/core';

/** A map that the running configuration does not reference does not exist; that is an answer. */
export function optional<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_APPLY_FAILED') return undefined;
    throw error;
  }
}
