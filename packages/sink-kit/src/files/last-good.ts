import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isPipelineError, SinkError } from '@signalbox/core';
import { systemCode, toFileError } from './file-error.ts';
import { sha256 } from './hash.ts';
import { syncFolder, writeFileAtomically } from './write-file.ts';
import { type FileToWrite, writeFileSet } from './write-file-set.ts';

export interface LastGoodOptions {
  /** Created (mode 0o700) when missing. Nothing else may write here. */
  readonly directory: string;
  /** How many sets are kept. Default 3. */
  readonly keep?: number;
}

/** Copies of file sets that were validated and served, newest first. */
export interface LastGood {
  /**
   * Copies these files as they are now, and drops the oldest sets. A file that does not exist is remembered as absent.
   * Returns the id of the set; a set equal to the newest one is not copied again.
   */
  save(paths: readonly string[]): Promise<string>;
  /** Ids, newest first. */
  list(): Promise<readonly string[]>;
  /**
   * Puts a set back byte for byte, with modes and owners, and removes files that were absent. Default: the newest.
   * Returns the paths, or undefined when there is no such set. A damaged copy throws before anything is touched.
   */
  restore(id?: string): Promise<readonly string[] | undefined>;
}

interface SavedFile {
  readonly path: string;
  /** Undefined when the file did not exist. */
  readonly copy?: {
    readonly sha256: string;
    readonly mode: number;
    readonly owner: { readonly uid: number; readonly gid: number };
  };
}

const manifestName = 'manifest.json';
/** Sequence number and the start of the manifest's hash, so that ids sort by age and no clock is needed. */
const idPattern = /^\d{8}-[0-9a-f]{12}$/;

/** Keeps the last validated sets in a folder, each in a folder of its own that appears in one step. */
export function createLastGood({ directory, keep = 3 }: LastGoodOptions): LastGood {
  async function list(): Promise<readonly string[]> {
    try {
      const names = await readdir(directory);
      return names.filter((name) => idPattern.test(name)).sort((left, right) => (left < right ? 1 : -1));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw toFileError(error, 'listing', directory);
    }
  }

  async function save(paths: readonly string[]): Promise<string> {
    const files = await Promise.all(paths.map((path) => readForSaving(resolve(path))));
    const manifest = JSON.stringify(files.map(({ saved }) => saved));
    const hash = sha256(manifest).slice(0, 12);
    const [newest] = await list();
    if (newest?.endsWith(hash)) return newest;
    const id = `${String(newest === undefined ? 1 : Number.parseInt(newest, 10) + 1).padStart(8, '0')}-${hash}`;
    const incomplete = join(directory, `.${id}.tmp`);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await rm(incomplete, { recursive: true, force: true });
      await mkdir(incomplete, { mode: 0o700 });
      for (const [index, { content }] of files.entries()) {
        if (content !== undefined) await writeFileAtomically(join(incomplete, `${index}`), content, { mode: 0o600 });
      }
      await writeFileAtomically(join(incomplete, manifestName), manifest, { mode: 0o600 });
      await rename(incomplete, join(directory, id));
      await syncFolder(directory);
    } catch (error) {
      await rm(incomplete, { recursive: true, force: true }).catch(() => {});
      throw isPipelineError(error) ? error : toFileError(error, 'keeping the last good files in', directory);
    }
    for (const old of (await list()).slice(Math.max(keep, 1))) {
      await rm(join(directory, old), { recursive: true, force: true });
    }
    return id;
  }

  async function restore(id?: string): Promise<readonly string[] | undefined> {
    const ids = await list();
    const wanted = id ?? ids[0];
    if (wanted === undefined || !ids.includes(wanted)) return undefined;
    const files = await readSet(join(directory, wanted));
    const contents: FileToWrite[] = [];
    for (const { path, copy, content } of files) {
      if (copy === undefined || content === undefined) await rm(path, { force: true });
      else contents.push({ path, content, mode: copy.mode, owner: copy.owner });
    }
    // What is as it was needs no room on a disk that may be full.
    await writeFileSet(contents);
    return files.map(({ path }) => path);
  }

  return { save, list, restore };
}

async function readForSaving(path: string): Promise<{ saved: SavedFile; content: Buffer | undefined }> {
  try {
    const content = await readFile(path);
    const { mode, uid, gid } = await stat(path);
    return { saved: { path, copy: { sha256: sha256(content), mode: mode & 0o7777, owner: { uid, gid } } }, content };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { saved: { path }, content: undefined };
    throw toFileError(error, 'reading', path);
  }
}

async function readSet(folder: string): Promise<readonly (SavedFile & { content: Buffer | undefined })[]> {
  try {
    const files = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as readonly SavedFile[];
    return await Promise.all(
      files.map(async (file, index) => {
        if (file.copy === undefined) return { ...file, content: undefined };
        const content = await readFile(join(folder, `${index}`));
        if (sha256(content) !== file.copy.sha256) throw new Error(`the copy of "${file.path}" is damaged`);
        return { ...file, content };
      }),
    );
  } catch (error) {
    throw new SinkError(`reading the last good files in "${folder}"`, {
      code: 'SINK_APPLY_FAILED',
      cause: error,
      hint: 'remove this folder; the set before it, or the next good one, takes its place',
    });
  }
}
