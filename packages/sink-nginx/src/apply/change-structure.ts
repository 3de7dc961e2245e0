import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { delay, isAbortError, isPipelineError, messageOf, SinkError } from '@signalbox/core';
import { hashFile, sizeOfLog, writeFileAtomically } from '@signalbox/sink-kit';
import { findMaster, findReloadProblem, findServingWorkers, requestReload, startNginx } from '../control/process.ts';
import type { Entries } from '../desired/entries.ts';
import { keptConfigPath, readForeignConfig } from '../observed/foreign-config.ts';
import { type Mark, type Observed, observe, readMark } from '../observed/look-at-target.ts';
import { controlSocketPath } from '../settings.ts';
import type { SinkState } from '../sink-state.ts';
import { writeFiles } from './write-files.ts';

export interface StructureChange {
  readonly files: ReadonlyMap<string, string>;
  readonly hash: string;
  readonly ports: readonly number[];
  readonly entries: Entries;
  /** True when there is no process yet and we start it. */
  readonly start: boolean;
  /** Tries again what was not taken before. */
  readonly again: boolean;
}

const confirmTimeoutMs = 30_000;
const pollMs = 20;

/**
 * Puts the files in place and makes nginx read them. When it does not take them, the files are as they were before, byte for byte.
 *
 * @throws {SinkError} SINK_ROLLED_BACK when the old configuration is in force again, SINK_RELOAD_FAILED when there was none.
 */
export async function changeStructure(
  state: SinkState,
  change: StructureChange,
  signal: AbortSignal,
): Promise<Observed> {
  const { poisoned } = state;
  // Endpoints come and go many times a second; a structure that was not taken is not tried again with each of them.
  if (poisoned?.hash === change.hash && !change.again) throw poisoned.error;
  // Nobody is disturbed by a start, and everybody waits for it.
  if (change.start) return replaceFiles(state, change, signal);
  let observed: Observed | undefined;
  await state.gate.run(async (gateSignal) => {
    observed = await replaceFiles(state, change, gateSignal);
  }, signal);
  if (observed === undefined) {
    throw new SinkError('another reload ran in place of this one', { code: 'SINK_TARGET_CHANGED' });
  }
  return observed;
}

async function replaceFiles(state: SinkState, change: StructureChange, signal: AbortSignal): Promise<Observed> {
  const { settings } = state;
  const { files, hash, ports, entries } = change;
  await state.follower.cancel();
  state.known = undefined;
  await prepareFolders(state);
  const before = await readMark(state, signal).catch(() => undefined);
  await keepForeignConfig(settings.configPath);
  const backup = await state.lastGood.save([...files.keys()]);
  try {
    await writeFiles(files);
    const mark = await activate(state, change, signal);
    const observed = await observe(state, mark, signal);
    state.follower.record(files);
    state.poisoned = undefined;
    state.running = { hash, entries, ports };
    state.known = mark.generation === undefined ? { mark, entries } : observed;
    return state.known;
  } catch (error) {
    await state.lastGood.restore(backup);
    if (isAbortError(error, signal)) throw error;
    const failure = await describeFailure(state, before, error);
    state.poisoned = { hash, error: failure };
    throw failure;
  }
}

/** Workers run as another user when root starts nginx: they pass through to their temporary files, and nobody but us to the control socket. */
async function prepareFolders({ settings }: SinkState): Promise<void> {
  const { configPath, runDirectory } = settings;
  await mkdir(dirname(configPath), { recursive: true });
  await mkdir(runDirectory, { recursive: true });
  await chmod(runDirectory, 0o711);
  const control = dirname(controlSocketPath(runDirectory));
  await mkdir(control, { recursive: true, mode: 0o700 });
  await chmod(control, 0o700);
}

/** The first one is kept: a second one would be a mixture of ours and theirs. */
async function keepForeignConfig(configPath: string): Promise<void> {
  const foreign = await readForeignConfig(configPath);
  const kept = keptConfigPath(configPath);
  if (foreign !== undefined && (await hashFile(kept)) === undefined) await writeFileAtomically(kept, foreign.text);
}

/** A reload that was asked for is not one that happened: nginx says nothing, and only the process that serves our hash proves it. */
async function activate(
  state: SinkState,
  { hash, start }: Pick<StructureChange, 'hash' | 'start'>,
  signal: AbortSignal,
): Promise<Mark> {
  const { settings } = state;
  const logPath = join(settings.runDirectory, 'error.log');
  const logSize = await sizeOfLog(logPath);
  const master = await findMaster(settings);
  const oldWorkers = master === undefined ? undefined : await findServingWorkers(master);
  if (start && master === undefined) await startNginx(settings, signal);
  else await requestReload(settings, signal);
  const endAtMs = performance.now() + confirmTimeoutMs;
  for (;;) {
    const mark = await readMark(state, signal).catch((error: unknown) => {
      if (isAbortError(error, signal)) throw error;
      return undefined;
    });
    if (mark?.hash === hash && !(await serves(master, oldWorkers))) {
      await chmod(controlSocketPath(settings.runDirectory), 0o600).catch(() => {});
      return mark;
    }
    const problem = await findReloadProblem(logPath, logSize);
    if (problem !== undefined || performance.now() > endAtMs) {
      throw new SinkError(problem === undefined ? 'nginx does not serve the new configuration' : firstLine(problem), {
        code: 'SINK_RELOAD_FAILED',
        ...(problem !== undefined && { output: problem }),
        hint: `look at ${logPath}; a port that another process holds is the usual reason`,
      });
    }
    await delay(pollMs, signal);
  }
}

/** Whether one of these workers still takes connections, which it would answer as before. */
async function serves(master: number | undefined, workers: ReadonlySet<number> | undefined): Promise<boolean> {
  if (master === undefined || workers === undefined) return false;
  const serving = await findServingWorkers(master);
  return serving !== undefined && [...workers].some((pid) => serving.has(pid));
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^.*\[emerg\] \d+#\d+: /, '');
}

async function describeFailure(state: SinkState, before: Mark | undefined, error: unknown): Promise<SinkError> {
  const output = error instanceof SinkError ? error.output : undefined;
  const options = {
    cause: error,
    ...(output === undefined ? {} : { output }),
    hint: 'look at the error log of nginx in the run directory; it is tried again',
  };
  if (before === undefined) {
    return isPipelineError(error) && error.code !== 'PLUGIN_FAILED'
      ? new SinkError(messageOf(error), { ...options, code: error.code })
      : new SinkError(`starting nginx with the new configuration: ${messageOf(error)}`, {
          ...options,
          code: 'SINK_RELOAD_FAILED',
        });
  }
  await ensureOld(state, before);
  return new SinkError(`nginx did not take the new configuration, the old one is in force: ${messageOf(error)}`, {
    ...options,
    code: 'SINK_ROLLED_BACK',
  });
}

/** The old files are back; the process is asked to read them only when it does not run them. Its own time, since the caller's may be up. */
async function ensureOld(state: SinkState, { hash }: Mark): Promise<void> {
  const signal = AbortSignal.timeout(confirmTimeoutMs);
  const now = await readMark(state, signal).catch(() => undefined);
  if (now?.hash === hash) return;
  try {
    await activate(state, { hash, start: true }, signal);
  } catch (error) {
    throw new SinkError('nginx did not take the new configuration, and not the old one either', {
      code: 'SINK_RELOAD_FAILED',
      cause: error,
      hint: 'look at the error log of nginx in the run directory; the old files are in place',
    });
  }
}
