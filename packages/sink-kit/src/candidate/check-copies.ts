import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPipelineError, type SinkError } from '@signalbox/core';
import { toFileError } from '../files/file-error.ts';

export interface CopiesToCheck {
  /** Writes all that the check reads into a folder of its own. */
  write(directory: string): Promise<void>;
  /** @throws {SinkError} SINK_CHECK_FAILED when the proxy refuses it. */
  check(directory: string): Promise<unknown>;
}

/**
 * What the proxy's own check says against a candidate, or undefined when it is good. The check runs on copies in a temporary folder, so that
 * nothing that runs can read them.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, SINK_REFUSED, SINK_UNREACHABLE when the copies cannot be written.
 */
export async function checkCopies({ write, check }: CopiesToCheck): Promise<SinkError | undefined> {
  const directory = await atFile('creating a folder in', tmpdir(), mkdtemp(join(tmpdir(), 'signalbox-check-')));
  try {
    await atFile('writing the candidate into', directory, write(directory));
    await check(directory);
    return undefined;
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_CHECK_FAILED') return error as SinkError;
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function atFile<Result>(purpose: string, path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isPipelineError(error) ? error : toFileError(error, purpose, path);
  }
}
