import { readFile } from 'node:fs/promises';
import { systemCode, toFileError } from './file-error.ts';
import { type WriteFileOptions, writeFileAtomically } from './write-file.ts';

export interface FileToWrite extends WriteFileOptions {
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface FileSetResult {
  /** Paths whose content changed, in the order given. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Writes the files whose bytes differ, one after the other and each in one step; the others keep their inode and times.
 *
 * @throws {SinkError} like {@link writeFileAtomically}; the files before the one that failed are written.
 */
export async function writeFileSet(files: readonly FileToWrite[]): Promise<FileSetResult> {
  const written: string[] = [];
  const unchanged: string[] = [];
  for (const file of files) {
    if (await hasContent(file)) {
      unchanged.push(file.path);
    } else {
      await writeFileAtomically(file.path, file.content, file);
      written.push(file.path);
    }
  }
  return { written, unchanged };
}

async function hasContent({ path, content }: FileToWrite): Promise<boolean> {
  try {
    return (await readFile(path)).equals(Buffer.from(content));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'EISDIR') return false;
    throw toFileError(error, 'reading', path);
  }
}
