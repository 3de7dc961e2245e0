import { isPipelineError } from '@signalbox/core';
import { findDrift, type SeenFiles } from '../files/drift.ts';
import type { FileFollower } from '../files/file-follower.ts';

/** What a sink knows of its target. */
export interface KnownTarget<Mark> {
  /** Undefined before the first plan and during an apply; another object after each. */
  readonly known: { readonly mark: Mark } | undefined;
}

export interface MarkReader<Mark> {
  /** Of the process that answers now. */
  read(signal: AbortSignal): Promise<Mark>;
  isSame(left: Mark, right: Mark): boolean;
}

/**
 * Whether the process is another one than was left, or was changed by others: `changed`, or `silent` when it does not answer. Undefined when it is
 * as it was left, and when that cannot be told.
 *
 * @throws {unknown} The reason of the abort.
 */
export async function lookAtProcess<Mark>(
  target: KnownTarget<Mark>,
  { read, isSame }: MarkReader<Mark>,
  signal: AbortSignal,
): Promise<'changed' | 'silent' | undefined> {
  const { known } = target;
  if (known === undefined) return undefined;
  // An apply may begin or end while it is read.
  const isStale = (): boolean => target.known !== known;
  try {
    const mark = await read(signal);
    return isStale() || isSame(mark, known.mark) ? undefined : 'changed';
  } catch (error) {
    signal.throwIfAborted();
    return isStale() || !isPipelineError(error) ? undefined : 'silent';
  }
}

/** Why the files ask for a plan: they could not be written, or are no longer as they were left. Undefined while they lag behind. */
export async function findFilesReason(
  { follower, known }: { readonly follower: FileFollower; readonly known: unknown },
  seen: SeenFiles,
): Promise<string | undefined> {
  if (follower.error !== undefined) return 'files could not be written';
  if (follower.pending || known === undefined) return undefined;
  const [drift] = await findDrift(follower.written, seen);
  return drift === undefined || follower.pending ? undefined : `${drift.path} was changed by others`;
}
