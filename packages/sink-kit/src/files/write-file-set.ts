import { readFile } from 'node:fs/promises';
import { systemCode, toFileError } from './file-error.ts';
import { type PreparedFile, prepareFile, type WriteFileOptions } from './write-file.ts';

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
 * Writes the files whose bytes differ, each in one step and in the order given; the others keep their inode and times. No file is replaced
 * before the new content of every one is on the disk, so a disk that fills up leaves them all as they were.
 *
 * @throws {SinkError} like `writeFileAtomically`.
 */
export async function writeFileSet(files: readonly FileToWrite[]): Promise<FileSetResult> {
  const written: string[] = [];
  const unchanged: string[] = [];
  const prepared: PreparedFile[] = [];
  try {
    for (const file of files) {
      const isSame = await hasContent(file);
      (isSame ? unchanged : written).push(file.path);
      if (!isSame) prepared.push(await prepareFile(file.path, file.content, file));
    }
    for (const file of prepared) await file.commit();
  } catch (error) {
    await Promise.all(prepared.map((file) => file.discard()));
    throw error;
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
