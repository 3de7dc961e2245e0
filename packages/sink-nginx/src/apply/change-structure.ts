import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { delay, isAbortError, SinkError } from '@signalbox/core';
import { sizeOfLog } from '@signalbox/sink-kit';
import { findMaster, findReloadProblem, findServingWorkers, requestReload, startNginx } from '../control/process.ts';
import type { Entries } from '../desired/entries.ts';
import { type Mark, type Observed, observe, readMark } from '../observed/look-at-target.ts';
import { controlSocketPath, innerSocketFolder } from '../settings.ts';
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
export function changeStructure(state: SinkState, change: StructureChange, signal: AbortSignal): Promise<Observed> {
  const { files, hash, ports, entries, start, again } = change;
  return state.swap.run<Mark, Observed>(
    {
      hash,
      again,
      start,
      paths: [...files.keys()],
      async prepare(swapSignal) {
        await state.follower.cancel();
        state.known = undefined;
        await prepareFolders(state);
        const before = await readMark(state, swapSignal).catch(() => undefined);
        await state.config.keepForeign();
        return before;
      },
      async replace(_, swapSignal) {
        await writeFiles(files);
        const mark = await activate(state, { hash, start }, swapSignal);
        const observed = await observe(state, mark, swapSignal);
        state.follower.record(files);
        state.running = { hash, entries, ports };
        state.known = mark.generation === undefined ? { mark, entries } : observed;
        return state.known;
      },
      async ensureOld(before, swapSignal) {
        const now = await readMark(state, swapSignal).catch(() => undefined);
        if (now?.hash !== before.hash) await activate(state, { hash: before.hash, start: true }, swapSignal);
      },
    },
    signal,
  );
}

/** Workers run as another user when root starts nginx: they pass through to their temporary files, and nobody but us to the control socket. */
async function prepareFolders({ settings }: SinkState): Promise<void> {
  const { configPath, runDirectory } = settings;
  await mkdir(dirname(configPath), { recursive: true });
  await mkdir(runDirectory, { recursive: true });
  await chmod(runDirectory, 0o711);
  const inner = innerSocketFolder(runDirectory);
  await mkdir(inner, { recursive: true });
  await chmod(inner, 0o711);
  const control = dirname(controlSocketPath(runDirectory));
  await mkdir(control, { recursive: true, mode: 0o700 });
  await chmod(control, 0o700);
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
