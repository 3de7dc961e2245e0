import { hashFile, sha256 } from './hash.ts';

/** All files by path, rendered only when they are written. */
export type FilesToFollow = () => ReadonlyMap<string, string>;

export interface FileFollowerOptions {
  /** The file that others may edit: while it is not as it was written last, nothing is written. */
  readonly guardedPath: string;
  readonly write: (files: ReadonlyMap<string, string>) => Promise<unknown>;
}

/**
 * Writes the files after a change that went to the running process, so that a restart of it begins with what it ran. They may lag: the next
 * start compares with the process, not with them.
 */
export interface FileFollower {
  /** The files follow within 250 ms, however many changes come. */
  follow(files: FilesToFollow): void;
  /** Writes now what is due; with `overwrite` also over what others wrote. */
  flush(overwrite?: boolean): Promise<void>;
  /** Resolves once no write is under way. What is due may wait on. */
  idle(): Promise<void>;
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

/** How long files may lag behind. */
export const followLagMs = 250;

export function createFileFollower({ guardedPath, write: writeFiles }: FileFollowerOptions): FileFollower {
  const written = new Map<string, string>();
  let due: FilesToFollow | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;
  let failure: unknown;

  const isForeign = async (): Promise<boolean> => {
    const last = written.get(guardedPath);
    return last !== undefined && (await hashFile(guardedPath)) !== last;
  };
  const write = async (overwrite: boolean): Promise<void> => {
    const files = due;
    if (files === undefined) return;
    due = undefined;
    isWriting = true;
    try {
      await writeDue(files, overwrite);
    } finally {
      isWriting = false;
    }
  };
  const writeDue = async (render: FilesToFollow, overwrite: boolean): Promise<void> => {
    // What others wrote is left for the next plan, which says so before it is replaced.
    if (!overwrite && (await isForeign())) return;
    try {
      const files = render();
      await writeFiles(files);
      for (const [path, content] of files) written.set(path, sha256(content));
      failure = undefined;
    } catch (error) {
      due ??= render;
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
    idle: () => writing.catch(() => {}),
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
