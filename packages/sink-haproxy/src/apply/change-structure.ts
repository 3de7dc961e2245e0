import { access, mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { delay, isAbortError, SinkError } from '@signalbox/core';
import { type FileToWrite, writeFileSet } from '@signalbox/sink-kit';
import { reloadByCommand, reloadThroughMaster } from '../control/reload.ts';
import { openRuntime } from '../control/runtime-connection.ts';
import { formatServerStateFile, readServerStates } from '../control/server-state.ts';
import type { Desired } from '../desired/model.ts';
import { readMark } from '../observed/mark.ts';
import type { Observed, ProcessMark } from '../observed/model.ts';
import { observe } from '../observed/observe.ts';
import { toRunning } from '../observed/running.ts';
import { renderFiles } from '../render/config.ts';
import { emptyState, statePath } from '../render/files.ts';
import type { Settings } from '../settings.ts';
import type { SinkState } from '../sink-state.ts';
import { assertListenersFree } from './assert-listeners-free.ts';

export interface StructureChange {
  readonly desired: Desired;
  readonly hash: string;
  /** By spare, the backend in it, whose own section the new process has. */
  readonly owners: ReadonlyMap<string, string>;
  /** True when there is no process yet and we start it. */
  readonly start: boolean;
  /** Tries again what was not taken before. */
  readonly again: boolean;
}

const confirmTimeoutMs = 15_000;

/**
 * Puts the files in place and makes HAProxy read them. When it does not take them, the files are as they were before, byte for byte.
 *
 * @throws {SinkError} SINK_ROLLED_BACK when the old configuration is in force again, SINK_RELOAD_FAILED when there was none.
 */
export function changeStructure(state: SinkState, change: StructureChange, signal: AbortSignal): Promise<Observed> {
  const { settings } = state;
  const { desired, hash, again, start } = change;
  const files = renderFiles(desired, settings, { hash });
  const stateFile = statePath(settings.runDirectory);
  let lostSocket = false;
  return state.swap.run<Before, Observed>(
    {
      hash,
      again,
      start,
      paths: [...files.keys(), stateFile],
      async prepare(swapSignal) {
        lostSocket = !start && !(await isThere(settings.runtimeSocket));
        const description = state.known?.mark.description;
        if (start || description !== undefined) await assertListenersFree(settings, description);
        await state.follower.cancel();
        state.known = undefined;
        state.refill.end();
        // The old worker does not end while somebody is connected to its socket.
        await state.session.close();
        await mkdir(dirname(settings.configPath), { recursive: true });
        const before = await readBefore(state, change, swapSignal);
        await state.config.keepForeign();
        return before;
      },
      async replace(before, swapSignal) {
        await writeFileSet([
          { path: stateFile, content: before?.stateText ?? emptyState },
          ...toFileSet(lostSocket ? renderFiles(desired, withAnotherSocketName(settings), { hash }) : files),
        ]);
        await activate(state, start, swapSignal);
        const observed = await confirm(state, hash, before?.mark, swapSignal);
        // From here a restart by others shall begin with what the configuration says.
        await writeFileSet([{ path: stateFile, content: emptyState }, ...toFileSet(files)]);
        state.follower.record(files);
        state.retirement.clear();
        state.refusals.startFor(observed.mark.pid);
        state.running = toRunning(desired, hash);
        state.known = observed;
        return observed;
      },
      ensureOld: ({ mark }, swapSignal) => ensureOld(state, mark, swapSignal),
    },
    signal,
  );
}

/**
 * A new worker takes over the sockets of the old one by their names, also one whose file somebody removed, and never makes the file again.
 * Under another name of the same place it does.
 */
function withAnotherSocketName(settings: Settings): Settings {
  const { runtimeSocket } = settings;
  return { ...settings, runtimeSocket: `${dirname(runtimeSocket)}/./${basename(runtimeSocket)}` };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function toFileSet(files: ReadonlyMap<string, string>): readonly FileToWrite[] {
  return [...files].map(([path, content]) => ({ path, content }));
}

async function activate(state: SinkState, start: boolean, signal: AbortSignal): Promise<void> {
  const { settings, managed } = state;
  if (start && managed !== undefined) {
    const { adopted } = await managed.ensureRunning({ signal });
    if (!adopted) return;
  }
  if (managed === undefined && settings.reloadCommand !== undefined) {
    await reloadByCommand(settings.reloadCommand, { signal });
  } else await reloadThroughMaster(settings.masterSocket, { signal });
}

interface Before {
  readonly mark: ProcessMark;
  readonly stateText: string;
}

/** The state of the servers just before the reload: else all are UP again after it, the dead ones too. */
async function readBefore(
  state: SinkState,
  { desired, owners }: StructureChange,
  signal: AbortSignal,
): Promise<Before | undefined> {
  try {
    await using connection = await openRuntime(state.settings.runtimeSocket, { signal });
    const { mark } = await readMark(connection, state.paths);
    const table = await readServerStates(connection);
    const stateText = formatServerStateFile(table, ({ backend, server, address, port }) => {
      const owner = owners.get(backend) ?? backend;
      const wanted = desired.backends.get(owner)?.servers.get(server);
      if (wanted?.address !== address || wanted.port !== port) return undefined;
      return { backend: owner, adminState: 0, weight: wanted.weight, initialWeight: wanted.weight };
    });
    return { mark, stateText };
  } catch (error) {
    if (isAbortError(error, signal)) throw error;
    return undefined;
  }
}

/** A reload that was asked for is not one that happened: only the process that answers with our hash proves it. */
async function confirm(
  state: SinkState,
  hash: string,
  before: ProcessMark | undefined,
  signal: AbortSignal,
): Promise<Observed> {
  const deadlineMs = performance.now() + confirmTimeoutMs;
  for (;;) {
    let last: unknown;
    try {
      await using connection = await openRuntime(state.settings.runtimeSocket, { signal });
      const process = await readMark(connection, state.paths);
      const { mark } = process;
      if (mark.description === hash && mark.pid !== before?.pid) return await observe(connection, state.paths, process);
    } catch (error) {
      if (isAbortError(error, signal)) throw error;
      last = error;
    }
    if (performance.now() > deadlineMs) {
      throw new SinkError('waiting for HAProxy to serve the new configuration', {
        code: 'SINK_RELOAD_FAILED',
        cause: last,
        hint: 'look at the log of HAProxy; a port that another process holds is the usual reason',
      });
    }
    await delay(50, signal);
  }
}

async function ensureOld(state: SinkState, before: ProcessMark, signal: AbortSignal): Promise<void> {
  try {
    await using connection = await openRuntime(state.settings.runtimeSocket, { signal });
    const { mark } = await readMark(connection, state.paths);
    if (mark.description === before.description) return;
  } catch {
    // Nobody answers, or an old worker does: the old files have to be read again.
  }
  await activate(state, true, signal);
}
