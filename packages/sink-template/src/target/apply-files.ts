import { chmod, chown, rm, writeFile } from 'node:fs/promises';
import { isPipelineError, SinkError } from '@signalbox/core';
import { runCommand, targetChanged, toFileError, writeFileSet } from '@signalbox/sink-kit';
import type { FileSettings, Settings } from '../settings.ts';
import type { SinkState } from '../sink-state.ts';
import { isSameFile, pendingPath, readTargetFile, stampOf, type TargetFile } from './read-target.ts';

export interface WantedFile {
  readonly file: FileSettings;
  readonly content: string;
  /** As it was when the plan was made. */
  readonly before: TargetFile;
}

/**
 * Writes all files, then reloads. When the reload fails, the files are as they were before, byte for byte, and the program is told to read those.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED, SINK_ROLLED_BACK, or what the file system says.
 */
export async function applyFiles(
  state: SinkState,
  files: readonly WantedFile[],
  reload: Settings['reload'],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await state.lock.ensure();
  await assertUnchanged(files);
  const backup = await state.lastGood.save(files.map(({ file }) => file.path));
  if (reload === undefined) return writeAll(state, files);
  // From here on it goes to the end, old or new and never between: every step has a time-out of its own.
  const unstoppable = new AbortController().signal;
  await writeFile(pendingPath(state.settings), '');
  try {
    await writeAll(state, files);
    await state.gate.run((gateSignal) => runReload(reload, gateSignal), unstoppable);
  } catch (error) {
    await rollBack(state, backup, reload, unstoppable);
    throw describeRollBack(error);
  }
  await rm(pendingPath(state.settings), { force: true });
}

async function assertUnchanged(files: readonly WantedFile[]): Promise<void> {
  for (const { file, before } of files) {
    if (isSameFile(await readTargetFile(file), before)) continue;
    throw targetChanged(`the file ${file.path}`);
  }
}

async function writeAll(state: SinkState, files: readonly WantedFile[]): Promise<void> {
  await writeFileSet(
    files.map(({ file: { path, mode, owner }, content }) => ({
      path,
      content,
      ...(mode !== undefined && { mode }),
      ...(owner !== undefined && { owner }),
    })),
  );
  for (const { file } of files) {
    await setRights(file);
    state.settled.set(file.path, stampOf(await readTargetFile(file)) ?? '');
  }
}

/** For a file whose content stays as it was. */
async function setRights({ path, mode, owner }: FileSettings): Promise<void> {
  try {
    if (mode !== undefined) await chmod(path, mode);
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  } catch (error) {
    throw toFileError(error, 'setting mode and owner of', path);
  }
}

async function runReload({ command, timeoutMs }: NonNullable<Settings['reload']>, signal: AbortSignal): Promise<void> {
  await runCommand(command, { signal, timeoutMs, code: 'SINK_RELOAD_FAILED', purpose: 'running the reload command' });
}

async function rollBack(
  state: SinkState,
  backup: string,
  reload: NonNullable<Settings['reload']>,
  signal: AbortSignal,
): Promise<void> {
  await state.lastGood.restore(backup);
  state.settled.clear();
  try {
    await runReload(reload, signal);
    await rm(pendingPath(state.settings), { force: true });
  } catch {
    // The program may have read the new files, and not the old ones again: the mark stays, and so the next plan reloads.
  }
}

function describeRollBack(cause: unknown): unknown {
  if (!isPipelineError(cause) || cause.code !== 'SINK_RELOAD_FAILED') return cause;
  const { output } = cause as SinkError;
  return new SinkError('the reload command failed; the files are as they were before', {
    code: 'SINK_ROLLED_BACK',
    cause,
    ...(output !== undefined && { output }),
    hint: 'look at the output; the next change of a service tries again',
  });
}
