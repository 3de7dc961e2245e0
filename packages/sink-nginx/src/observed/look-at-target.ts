import { readFile } from 'node:fs/promises';
import { isPipelineError, SinkError } from '@signalbox/core';
import { controlProtocol } from '../control/control-socket.ts';
import { findMaster } from '../control/process.ts';
import type { Entries } from '../desired/entries.ts';
import { snapshotPath } from '../render/files.ts';
import { parseSnapshot } from '../render/snapshot.ts';
import type { SinkState } from '../sink-state.ts';

/** What identifies a state of nginx: as long as these are as we left them, so is the rest. */
export interface Mark {
  /** Of the structure that runs. */
  readonly hash: string;
  /** Of the dictionary; undefined in the mode without Lua. */
  readonly generation: string | undefined;
}

export interface Observed {
  readonly mark: Mark;
  /** In Lua mode what the dictionary holds, kept in step by each batch; without Lua what is known of the file that runs. */
  readonly entries: Entries;
}

export type Target =
  | {
      readonly kind: 'running';
      readonly observed: Observed;
      /** True when everything was read. */
      readonly full: boolean;
    }
  /** nginx runs, but not with a configuration of ours, or with Lua code of another version. */
  | { readonly kind: 'foreign' }
  /** Nothing runs, and we may start it. */
  | { readonly kind: 'stopped' };

export type RunningTarget = Target & { readonly kind: 'running' };

export function isSameMark(left: Mark, right: Mark): boolean {
  return left.hash === right.hash && left.generation === right.generation;
}

export async function readMark(state: SinkState, signal: AbortSignal): Promise<Mark> {
  const { hash, generation } = await state.control.readState({ signal });
  return { hash, generation };
}

/**
 * What is there. As long as structure and generation are as we left them, the rest is too, and nothing else is read.
 *
 * @throws {SinkError} SINK_UNREACHABLE when nothing runs and others start it; SINK_REFUSED without rights on the socket.
 */
export async function lookAtTarget(state: SinkState, full: boolean, signal: AbortSignal): Promise<Target> {
  try {
    const { hash, generation, protocol } = await state.control.readState({ signal });
    const mark = { hash, generation };
    const { known } = state;
    if (generation !== undefined && protocol !== controlProtocol) {
      state.known = undefined;
      return { kind: 'foreign' };
    }
    if (!full && known !== undefined && isSameMark(known.mark, mark)) {
      return { kind: 'running', observed: known, full: false };
    }
    state.known = await observe(state, mark, signal);
    return { kind: 'running', observed: state.known, full: true };
  } catch (error) {
    if (!isPipelineError(error) || error.code !== 'SINK_UNREACHABLE' || signal.aborted) throw error;
    state.known = undefined;
    return await lookForMaster(state, error);
  }
}

export async function observe(state: SinkState, mark: Mark, signal: AbortSignal): Promise<Observed> {
  if (mark.generation !== undefined) {
    const { generation, entries } = await state.control.readEntries({ signal });
    return { mark: { hash: mark.hash, generation }, entries };
  }
  if (state.running?.hash === mark.hash) return { mark, entries: state.running.entries };
  const snapshot = parseSnapshot(await readFile(snapshotPath(state.settings), 'utf8').catch(() => ''));
  return { mark, entries: new Map(snapshot?.hash === mark.hash ? Object.entries(snapshot.entries) : []) };
}

async function lookForMaster({ settings }: SinkState, cause: unknown): Promise<Target> {
  const master = await findMaster(settings);
  if (master !== undefined) return { kind: 'foreign' };
  if (settings.manage !== undefined) return { kind: 'stopped' };
  if (settings.reloadCommand !== undefined) return { kind: 'foreign' };
  throw new SinkError(`nginx does not run: ${JSON.stringify(settings.pidPath)} names no process of it`, {
    code: 'SINK_UNREACHABLE',
    cause,
    hint: 'start nginx, set `pidFile` to where it writes its pid, or set `manage: true`',
  });
}
