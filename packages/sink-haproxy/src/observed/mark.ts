import { SinkError } from '@signalbox/core';
import { getMapCommand, parseMapValue } from '../control/maps.ts';
import { parseProcessInfo } from '../control/process-info.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { MapPaths } from '../render/files.ts';
import type { ProcessMark } from './model.ts';
import { optional } from './optional.ts';

export interface MarkedProcess {
  readonly mark: ProcessMark;
  readonly version: string;
}

/** The cheap question, 0.1 ms: is the process still as it was left? Answered by what {@link parseMark} takes. */
export function markCommands(paths: MapPaths): readonly string[] {
  return ['show info', revisionCommand(paths)];
}

/** Answered by what {@link parseRevision} takes. */
export function revisionCommand(paths: MapPaths): string {
  return getMapCommand(paths.meta, 'rev');
}

/** Undefined when the process has no such map. */
export function parseRevision(reply: string): string | undefined {
  return optional(() => parseMapValue(reply, 'rev'));
}

/** @throws {SinkError} SINK_TARGET_CHANGED when an old worker answers; its changes go with it. */
export function parseMark([info = '', revision = '']: readonly string[]): MarkedProcess {
  const { pid, description, version, stopping } = parseProcessInfo(info);
  if (stopping) {
    throw new SinkError('the runtime socket is answered by an old worker that is stopping', {
      code: 'SINK_TARGET_CHANGED',
    });
  }
  return { mark: { pid, description, revision: parseRevision(revision) }, version };
}

export async function readMark(connection: RuntimeConnection, paths: MapPaths): Promise<MarkedProcess> {
  return parseMark(await connection.send(markCommands(paths)));
}
