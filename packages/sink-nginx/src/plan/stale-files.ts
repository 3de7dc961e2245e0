import { delay, type PlannedChange } from '@signalbox/core';
import { followLagMs, hashFile, sha256 } from '@signalbox/sink-kit';
import { editedConfigPath } from '../render/files.ts';
import type { SinkState } from '../sink-state.ts';

/** Files that lag behind after Signalbox was killed, or that were edited by hand. */
export async function findStaleFiles(
  state: SinkState,
  files: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly PlannedChange[]> {
  const { follower } = state;
  if (follower.pending && follower.error === undefined) return [];
  const changes = await compareFiles(state, files);
  if (changes.length === 0 || follower.written.size > 0) return changes;
  // Another Signalbox may be at work (`plan` beside `run`), whose files are just about to follow.
  await delay(followLagMs * 2, signal);
  return compareFiles(state, files);
}

async function compareFiles(
  { follower, settings }: SinkState,
  files: ReadonlyMap<string, string>,
): Promise<readonly PlannedChange[]> {
  const changes: PlannedChange[] = [];
  for (const [path, content] of files) {
    const hash = await hashFile(path);
    if (hash === sha256(content)) continue;
    const written = follower.written.get(path);
    const edited = path === settings.configPath && hash !== undefined && written !== undefined && written !== hash;
    changes.push({
      action: hash === undefined ? 'create' : 'update',
      target: path,
      summary: edited
        ? `file was edited by others and is written again; the edited one is kept as ${editedConfigPath(settings)}`
        : 'file brought up to date',
      services: [],
    });
  }
  return changes;
}
