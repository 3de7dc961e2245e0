import { hashFile, sha256, writeFileSet } from '@signalbox/sink-kit';
import type { Running } from '../observed/running.ts';
import { renderFiles } from '../render/config.ts';
import type { Settings } from '../settings.ts';

/**
 * Writes the files after a change that went through the Runtime API, so that a restart of HAProxy begins with what it ran. They may lag:
 * the next start compares with the process, not with them.
 */
export interface FileFollower {
  /** The files follow within 250 ms, however many changes come. */
  follow(running: Running): void;
  /** Writes now what is due; with `overwrite` also over what others wrote. */
  flush(overwrite?: boolean): Promise<void>;
  /** What is due is out of date: another hand writes all files, once this resolves. */
  cancel(): Promise<void>;
  /** Files were written by others of us. */
  record(files: ReadonlyMap<string, string>): void;
  /** True while files lag behind. */
  readonly pending: boolean;
  /** Path to sha256 of what was written last. */
  readonly written: ReadonlyMap<string, string>;
  /** The last write that failed, until one works. */
  readonly error: unknown;
}

export const followLagMs = 250;

export function createFileFollower(settings: Settings): FileFollower {
  const written = new Map<string, string>();
  let due: Running | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;
  let failure: unknown;

  const isForeign = async (): Promise<boolean> => {
    const last = written.get(settings.configPath);
    return last !== undefined && (await hashFile(settings.configPath)) !== last;
  };
  const write = async (overwrite: boolean): Promise<void> => {
    const running = due;
    if (running === undefined) return;
    due = undefined;
    isWriting = true;
    try {
      await writeDue(running, overwrite);
    } finally {
      isWriting = false;
    }
  };
  const writeDue = async (running: Running, overwrite: boolean): Promise<void> => {
    // What others wrote is left for the next plan, which says so before it is replaced.
    if (!overwrite && (await isForeign())) return;
    const files = renderFiles(running.desired, settings, { hash: running.hash });
    try {
      await writeFileSet([...files].map(([path, content]) => ({ path, content })));
      for (const [path, content] of files) written.set(path, sha256(content));
      failure = undefined;
    } catch (error) {
      due ??= running;
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
    follow(running) {
      due = running;
      // The error is kept for the next plan, which reports and repairs it.
      timer ??= setTimeout(() => void flush().catch(() => {}), followLagMs);
    },
    flush,
    async cancel() {
      stop();
      due = undefined;
      await writing.catch(() => {});
      due = undefined;
    },
    record(files) {
      for (const [path, content] of files) written.set(path, sha256(content));
    },
    get pending() {
      return due !== undefined || isWriting;
    },
    written,
    get error() {
      return failure;
    },
  };
}
