import type { Logger, Pipeline } from '@signalbox/core';
import { describeEvent } from './describe-event.ts';
import { printable } from './text.ts';

/** Writes one record for every event of a pipeline. Returns the way to stop it. */
export function logEvents(pipeline: Pipeline, logger: Logger): () => void {
  return pipeline.subscribe((event) => {
    const { level, message, fields } = describeEvent(event);
    logger[level]({ event: event.type, ...fields }, printable(message));
  });
}
