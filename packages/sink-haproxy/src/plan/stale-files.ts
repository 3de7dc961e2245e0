import type { PlannedChange } from '@signalbox/core';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import { hashFiles } from '../render/config.ts';
import { unchangedRevision } from '../render/files.ts';
import type { SinkState } from '../sink-state.ts';

/** Another Signalbox may be at work where the process was changed since it started. */
export function findStaleFiles(
  { config, settings }: SinkState,
  desired: Desired,
  target: Target,
  signal: AbortSignal,
): Promise<readonly PlannedChange[]> {
  const mayFollow = target.kind === 'running' && target.observed.mark.revision !== unchangedRevision;
  return config.findStale(() => hashFiles(desired, settings), { mayFollow, signal });
}
