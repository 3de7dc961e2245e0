import { type FSWatcher, statSync, watch } from 'node:fs';
import { delay } from './abort.ts';
import { Wakeup } from './wakeup.ts';

export interface WatchFoldersOptions {
  /** Asked before every wait, since what is looked at may lead to other folders. */
  readonly folders: () => Iterable<string>;
  /** The longest time between two looks. */
  readonly intervalMs: number;
  /** How long after a sign of change the next look comes, so that a writer is done with it. Default 50. */
  readonly quietMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Yields at once, when a folder is watched from now on, whenever something in the folders may have changed, and at the latest after `intervalMs`: then look, and compare. The
 * system's notices are only hints (network file systems have none, and a system may be out of watches), so nothing depends on them.
 */
export async function* watchFolders(options: WatchFoldersOptions): AsyncGenerator<void> {
  const { folders, intervalMs, quietMs = 50, signal } = options;
  const wakeup = new Wakeup();
  const watches = new Map<string, FolderWatch>();
  try {
    while (!signal.aborted) {
      yield;
      const wanted = new Set(folders());
      for (const [folder, { watcher, inode }] of watches) {
        if (wanted.has(folder) && inodeOf(folder) === inode) continue;
        watcher.close();
        watches.delete(folder);
      }
      let isNew = false;
      for (const folder of wanted) {
        if (watches.has(folder)) continue;
        const opened = openWatch(folder, () => wakeup.wake());
        if (opened === undefined) continue;
        watches.set(folder, opened);
        isNew = true;
      }
      // What happened between the look and the first watch of a folder was told to nobody.
      if (isNew) continue;
      const startedAt = performance.now();
      await wakeup.sleep(intervalMs, signal);
      if (performance.now() - startedAt < intervalMs) await delay(quietMs, signal).catch(() => {});
    }
  } finally {
    for (const { watcher } of watches.values()) watcher.close();
  }
}

interface FolderWatch {
  readonly watcher: FSWatcher;
  /** A folder that was replaced has another one, and its watch would never tell of anything again. */
  readonly inode: number;
}

function openWatch(folder: string, wake: () => void): FolderWatch | undefined {
  const inode = inodeOf(folder);
  if (inode === undefined) return undefined;
  try {
    const watcher = watch(folder, { persistent: false }, wake);
    watcher.on('error', () => watcher.close());
    return { watcher, inode };
  } catch {
    return undefined;
  }
}

function inodeOf(folder: string): number | undefined {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}
