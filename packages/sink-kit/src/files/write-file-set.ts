import type { WriteFileOptions } from './write-file.ts';

export interface FileToWrite extends WriteFileOptions {
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface FileSetResult {
  /** Paths whose content changed, in the order given. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
}

/** Writes the files whose bytes differ, one after the other and each in one step; the others keep their inode and times. */
export declare function writeFileSet(files: readonly FileToWrite[]): Promise<FileSetResult>;
