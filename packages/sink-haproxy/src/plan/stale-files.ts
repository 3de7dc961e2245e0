import { delay, type PlannedChange } from '@signalbox/core';
import { followLagMs, hashFile, sha256 } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Target } from '../observed/look-at-target.ts';
import { renderFiles } from '../render/config.ts';
import { editedConfigPath, unchangedRevision } from '../render/files.ts';
import type { SinkState } from '../sink-state.ts';

/** Files that lag behind after Signalbox was killed, or that were edited by hand. */
export async function findStaleFiles(
  state: SinkState,
  desired: Desired,
  target: Target,
  signal: AbortSignal,
): Promise<readonly PlannedChange[]> {
  const { follower } = state;
  if (follower.pending && follower.error === undefined) return [];
  const changes = await compareFiles(state, desired);
  const changedByAnother =
    follower.written.size === 0 && target.kind === 'running' && target.observed.mark.revision !== unchangedRevision;
  if (changes.length === 0 || !changedByAnother) return changes;
  // Another Signalbox may be at work (`plan` beside `run`), whose files are just about to follow.
  await delay(followLagMs * 2, signal);
  return compareFiles(state, desired);
}

async function compareFiles(state: SinkState, desired: Desired): Promise<readonly PlannedChange[]> {
  const changes: PlannedChange[] = [];
  for (const [path, content] of renderFiles(desired, state.settings)) {
    const hash = await hashFile(path);
    if (hash === sha256(content)) continue;
    const written = state.follower.written.get(path);
    const edited = hash !== undefined && written !== undefined && written !== hash;
    changes.push({
      action: hash === undefined ? 'create' : 'update',
      target: path,
      summary: edited
        ? `file was edited by others and is written again; the edited one is kept as ${editedConfigPath(state.settings.runDirectory)}`
        : 'file brought up to date',
      services: [],
    });
  }
  return changes;
}
