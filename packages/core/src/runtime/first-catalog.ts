import { isPipelineError, PipelineError } from '../errors/pipeline-error.ts';
import type { Cell } from '../helpers/cell.ts';
import type { Catalog } from '../model/catalog.ts';

/** Resolves to the first complete catalog. Rejects with what kept it from being built, or when the sources have ended. */
export async function awaitFirstCatalog(
  outcome: Cell<Catalog | PipelineError>,
  signal: AbortSignal,
  sources: Promise<void>,
): Promise<Catalog> {
  await Promise.race([outcome.changedSince(0, signal), sources]);
  const { value } = outcome;
  if (isPipelineError(value)) throw value;
  if (value !== undefined) return value;
  signal.throwIfAborted();
  throw new PipelineError('the sources ended without an answer', { code: 'SOURCE_ENDED' });
}
