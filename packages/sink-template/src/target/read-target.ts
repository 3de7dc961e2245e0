import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, toFileError } from '@signalbox/sink-kit';
import type { FileSettings, Settings } from '../settings.ts';

/** One file as it is on the disk. */
export interface TargetFile {
  /** Undefined when there is none. */
  readonly content: string | undefined;
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** @throws {SinkError} SINK_REFUSED without rights, or when something else is in its place. */
export async function readTargetFile({ path }: FileSettings): Promise<TargetFile> {
  try {
    const content = await readFile(path, 'utf8');
    const { mode, uid, gid } = await stat(path);
    return { content, mode: mode & 0o7777, owner: { uid, gid } };
  } catch (error) {
    if (isMissing(error)) return { content: undefined, mode: undefined, owner: undefined };
    throw toFileError(error, 'reading', path);
  }
}

/** Names the state of a file; undefined when there is none. */
export function stampOf({ content, mode, owner }: TargetFile): string | undefined {
  return content === undefined ? undefined : `${sha256(content)} ${mode} ${owner?.uid}:${owner?.gid}`;
}

/** Cheaper than two stamps. */
export function isSameFile(left: TargetFile, right: TargetFile): boolean {
  const isSameOwner = left.owner?.uid === right.owner?.uid && left.owner?.gid === right.owner?.gid;
  return isSameOwner && left.mode === right.mode && left.content === right.content;
}

/** Left while files are written that no reload has confirmed yet: after a crash in between, the reload still has to come. */
export function pendingPath({ runDirectory }: Settings): string {
  return join(runDirectory, 'reload-pending');
}

export async function isReloadPending(settings: Settings): Promise<boolean> {
  return access(pendingPath(settings)).then(
    () => true,
    () => false,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
