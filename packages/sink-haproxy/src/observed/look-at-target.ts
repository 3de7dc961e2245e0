import { isPipelineError, SinkError } from '@signalbox/core';
import { readProcesses } from '../control/master-socket.ts';
import type { SinkState } from '../sink-state.ts';
import { isSameMark, type Observed } from './model.ts';
import { observe } from './observe.ts';

export type Target =
  | {
      readonly kind: 'running';
      readonly observed: Observed /** True when everything was read. */;
      readonly full: boolean;
    }
  /** HAProxy runs, but not with a configuration of ours: it has no socket where ours says. */
  | { readonly kind: 'foreign' }
  /** Nothing runs, and we may start it. */
  | { readonly kind: 'stopped' };

/**
 * What is there. As long as pid, structure and revision are as we left them, the rest is too, and nothing else is read.
 *
 * @throws {SinkError} SINK_UNREACHABLE when nothing runs and others start it, or when the process breaks off its answers twice; SINK_REFUSED without
 * rights on the socket.
 */
export async function lookAtTarget(state: SinkState, full: boolean, signal: AbortSignal): Promise<Target> {
  let answered = false;
  const look = (): Promise<Target> => {
    answered = false;
    return state.session.use(signal, async (connection, process) => {
      answered = true;
      const { known } = state;
      if (!full && known !== undefined && isSameMark(known.mark, process.mark)) {
        return { kind: 'running', observed: known, full: false };
      }
      state.known = await observe(connection, state.paths, process, known);
      return { kind: 'running', observed: state.known, full: true };
    });
  };
  const isLost = (error: unknown): boolean =>
    isPipelineError(error) && error.code === 'SINK_UNREACHABLE' && !signal.aborted;
  try {
    return await look().catch((error: unknown) => {
      // Who began to answer on our socket is ours: it ended since, or only its connection did.
      if (answered && isLost(error)) return look();
      throw error;
    });
  } catch (error) {
    if (!isLost(error)) throw error;
    state.known = undefined;
    if (answered) throw error;
    return await lookForMaster(state, error, signal);
  }
}

async function lookForMaster(state: SinkState, cause: unknown, signal: AbortSignal): Promise<Target> {
  const { managed, settings } = state;
  if (managed !== undefined) {
    const processes = await managed.inspect(signal);
    return { kind: processes === undefined ? 'stopped' : 'foreign' };
  }
  if (settings.reloadCommand !== undefined) return { kind: 'foreign' };
  try {
    await readProcesses(settings.masterSocket, { signal });
    return { kind: 'foreign' };
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_REFUSED') throw error;
    throw new SinkError(
      `HAProxy answers neither on ${settings.runtimeSocket} nor on its master socket ${settings.masterSocket}`,
      { code: 'SINK_UNREACHABLE', cause, hint: 'start HAProxy with `-W -S <master socket>`, or set `manage: true`' },
    );
  }
}
