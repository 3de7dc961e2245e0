import { readFile, realpath } from 'node:fs/promises';
import { ConfigError, delay, isPipelineError, messageOf, PipelineError } from '@signalbox/core';
import { acquireOwnerLock, type OwnerLock, writeFileAtomically } from '@signalbox/sink-kit';
import { DrainDocument } from '@signalbox/transforms';

/** How long to wait for another editor, which needs some milliseconds. */
const lockTimeoutMs = 5_000;
const lockRetryMs = 50;
/** The user that runs Signalbox may be another one than the user that makes the file. */
const newFileMode = 0o644;

/** @throws {ConfigError} when it cannot be read or is no file of drains; one that is not there has none. */
export async function readDrains(file: string): Promise<DrainDocument> {
  return new DrainDocument((await readText(file)) ?? '', file);
}

/**
 * Changes the file in one step, while no other call of this does; rights, owner and a symbolic link stay.
 *
 * @throws {ConfigError} when it cannot be read or is no file of drains
 * @throws {PipelineError} when it cannot be written
 */
export async function editDrains<Result>(
  file: string,
  edit: (document: DrainDocument) => Result,
  signal: AbortSignal,
): Promise<Result> {
  const target = await realpath(file).catch(() => file);
  await using _ = await takeLock(target, signal);
  const text = await readText(target);
  const document = new DrainDocument(text ?? '', file);
  const before = `${document}`;
  const result = edit(document);
  const after = `${document}`;
  if (after !== before) await writeFileAtomically(target, after, text === undefined ? { mode: newFileMode } : {});
  return result;
}

async function takeLock(file: string, signal: AbortSignal): Promise<OwnerLock> {
  const endsAt = performance.now() + lockTimeoutMs;
  for (;;) {
    try {
      return await acquireOwnerLock({ path: `${file}.lock`, ownerId: `signalbox drain, process ${process.pid}` });
    } catch (error) {
      const isBusy = isPipelineError(error) && error.code === 'SINK_REFUSED' && error.retryable;
      if (!isBusy) throw error;
      if (performance.now() > endsAt) {
        throw new PipelineError(`${file} is being changed by somebody else`, {
          code: 'SINK_REFUSED',
          cause: error,
          hint: 'try again; a lock of a process that has ended is taken over',
        });
      }
    }
    await delay(lockRetryMs, signal);
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new ConfigError(`${file} cannot be read: ${messageOf(error)}`, {
      code: 'CONFIG_UNREADABLE',
      cause: error,
      hint: 'use a user that may read it',
    });
  }
}
