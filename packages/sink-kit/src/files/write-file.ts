import { randomBytes } from 'node:crypto';
import { lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SinkError } from '@signalbox/core';
import { systemCode, toFileError } from './file-error.ts';

export interface WriteFileOptions {
  /** Permission bits. Default: those of the file that is replaced, else 0o640. */
  readonly mode?: number;
  /** Default: the owner of the file that is replaced, where this process may set it. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Replaces a file in one step: a reader, or a crash at any moment, sees the old content or the new one, never a part.
 * A full disk leaves the old content. The folder must exist; a symbolic link to a file stays, and its target is replaced.
 *
 * @throws {SinkError} SINK_REFUSED (rights, or the target is not a file), SINK_UNREACHABLE (no such folder),
 * SINK_APPLY_FAILED (anything else).
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: WriteFileOptions = {},
): Promise<void> {
  const prepared = await prepareFile(path, content, options);
  await prepared.commit();
}

/** New content that is on the disk already, beside the old one. */
export interface PreparedFile {
  /** Puts it in place. @throws {SinkError} like {@link writeFileAtomically}. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** The first half of {@link writeFileAtomically}: all that needs room. @throws {SinkError} */
export async function prepareFile(
  path: string,
  content: string | Uint8Array,
  options: WriteFileOptions = {},
): Promise<PreparedFile> {
  const target = await findTarget(path);
  const folder = dirname(target.path);
  const temporary = join(folder, `.${basename(target.path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
  const discard = (): Promise<void> => rm(temporary, { force: true }).catch(() => {});
  const orDiscard = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await discard();
      throw toFileError(error, 'writing', path);
    }
  };
  await orDiscard(() =>
    writeTemporary(temporary, content, {
      mode: options.mode ?? target.mode ?? 0o640,
      owner: options.owner ?? target.owner,
      ownerRequired: options.owner !== undefined,
    }),
  );
  return {
    commit: () =>
      orDiscard(async () => {
        await rename(temporary, target.path);
        await syncFolder(folder);
      }),
    discard,
  };
}

interface Target {
  readonly path: string;
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
}

async function findTarget(path: string): Promise<Target> {
  try {
    const resolved = await realpath(path);
    const stats = await stat(resolved);
    if (stats.isFile()) {
      return { path: resolved, mode: stats.mode & 0o7777, owner: { uid: stats.uid, gid: stats.gid } };
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw toFileError(error, 'writing', path);
    const isLink = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!isLink) return { path };
  }
  throw new SinkError(`writing "${path}": it is there, but not as a file`, {
    code: 'SINK_REFUSED',
    hint: 'remove the directory or the dangling link, or choose another path',
  });
}

interface TemporaryOptions {
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly ownerRequired: boolean;
}

async function writeTemporary(
  path: string,
  content: string | Uint8Array,
  { mode, owner, ownerRequired }: TemporaryOptions,
): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    if (owner !== undefined) {
      await handle.chown(owner.uid, owner.gid).catch((error: unknown) => {
        if (ownerRequired) throw error;
      });
    }
    // After chown, which clears the set-id bits; not through open, whose mode the umask would cut.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without this a crash may lose the rename, although the content is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
