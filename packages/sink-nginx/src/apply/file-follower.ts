import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hashFile, sha256, writeFileSet } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';

/** How long files may lag behind. */
export const followLagMs = 250;

/** All files by path, rendered only when they are written. */
export type FilesToFollow = () => ReadonlyMap<string, string>;

/**
 * Writes the files after a change that needed no reload, so that a restart of nginx begins with what it ran. They may lag: the next start
 * compares with the process, not with them.
 */
export interface FileFollower {
  /** The files follow within 250 ms, however many changes come. */
  follow(files: FilesToFollow): void;
  /** Writes now what is due; with `overwrite` also over what others wrote. */
  flush(overwrite?: boolean): Promise<void>;
  /** What is due is out of date: another hand writes all files. */
  cancel(): void;
  /** Files were written by others of us. */
  record(files: ReadonlyMap<string, string>): void;
  readonly pending: boolean;
  /** sha256 by path. */
  readonly written: ReadonlyMap<string, string>;
  /** Of the last attempt, if it failed. */
  readonly error: unknown;
}

export function createFileFollower({ configPath }: Settings): FileFollower {
  const written = new Map<string, string>();
  let due: FilesToFollow | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: unknown;

  const isForeign = async (): Promise<boolean> => {
    const last = written.get(configPath);
    return last !== undefined && (await hashFile(configPath)) !== last;
  };
  const write = async (overwrite: boolean): Promise<void> => {
    const files = due;
    if (files === undefined) return;
    due = undefined;
    // What others wrote is left for the next plan, which says so before it is replaced.
    if (!overwrite && (await isForeign())) return;
    try {
      const texts = files();
      await writeFiles(texts);
      for (const [path, content] of texts) written.set(path, sha256(content));
      failure = undefined;
    } catch (error) {
      due ??= files;
      failure = error;
      throw error;
    }
  };
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const flush = (overwrite = false): Promise<void> => {
    stop();
    writing = writing.catch(() => {}).then(() => write(overwrite));
    return writing;
  };

  return {
    follow(files) {
      due = files;
      // The error is kept for the next plan, which reports and repairs it.
      timer ??= setTimeout(() => void flush().catch(() => {}), followLagMs);
    },
    flush,
    cancel() {
      stop();
      due = undefined;
    },
    record(files) {
      for (const [path, content] of files) written.set(path, sha256(content));
    },
    get pending() {
      return due !== undefined;
    },
    written,
    get error() {
      return failure;
    },
  };
}

export async function writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
  for (const folder of new Set([...files.keys()].map(dirname))) await mkdir(folder, { recursive: true });
  // Nobody else reads the snapshot, which holds the hashes of passwords.
  await writeFileSet(
    [...files].map(([path, content]) => ({ path, content, ...(path.endsWith('.json') && { mode: 0o600 }) })),
  );
}
