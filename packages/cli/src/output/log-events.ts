import type { CatalogChanges, Logger, Pipeline, PipelineStatus } from '@signalbox/core';
import { describeEvent } from './describe-event.ts';
import { printable } from './text.ts';

/** Writes one record for every event of a pipeline. Returns the way to stop it. */
export function logEvents(pipeline: Pipeline, logger: Logger): () => void {
  const warnings = new TransformWarnings();
  return pipeline.subscribe((event) => {
    const { level, message, fields } = describeEvent(event);
    logger[level]({ event: event.type, ...fields }, printable(message));
    // Only services that come or go can change what the rules match; endpoints do so many times a second.
    if (event.type !== 'catalog-change' || !comesOrGoes(event.changes)) return;
    for (const { transform, text } of warnings.takeNew(pipeline.status)) {
      logger.warn({ event: 'transform-warning', transform }, printable(`transform ${transform}: ${text}`));
    }
  });
}

function comesOrGoes({ added, removed, changed }: CatalogChanges): boolean {
  return added.length + removed.length > 0 || changed.length === 0;
}

/** Tells each warning once, and again when it had gone meanwhile. */
class TransformWarnings {
  #known = new Set<string>();

  takeNew({ transforms }: PipelineStatus): { readonly transform: string; readonly text: string }[] {
    const all = Object.entries(transforms).flatMap(([transform, { warnings }]) =>
      warnings.map(({ message }) => ({ transform, text: message, key: `${transform} ${message}` })),
    );
    const fresh = all.filter(({ key }) => !this.#known.has(key));
    this.#known = new Set(all.map(({ key }) => key));
    return fresh;
  }
}
