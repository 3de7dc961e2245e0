import { SinkError } from '@signalbox/core';
import type { RuntimeConnection } from './runtime-connection.ts';

export interface ProcessInfo {
  readonly pid: number;
  /** e.g. `2.6.12-1+deb12u4`. */
  readonly version: string;
  /** True for an old worker that only finishes its connections. */
  readonly stopping: boolean;
  /** The `description` of the configuration in force. */
  readonly description: string | undefined;
  readonly uptimeSeconds: number;
  readonly currentConnections: number;
  readonly maxConnections: number;
  readonly cumulativeRequests: number;
  /** Listeners that accept, also those of the sockets themselves. */
  readonly listeners: number;
  /** Every field as it came, by its name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** @throws {SinkError} SINK_APPLY_FAILED when this is no answer to `show info`. */
export function parseProcessInfo(text: string): ProcessInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const readNumber = (name: string): number => {
    const value = Number(fields.get(name) || Number.NaN);
    if (!Number.isFinite(value)) throw createAnswerError(name);
    return value;
  };
  const version = fields.get('Version');
  if (version === undefined) throw createAnswerError('Version');
  return {
    pid: readNumber('Pid'),
    version,
    stopping: readNumber('Stopping') !== 0,
    description: fields.get('description') || undefined,
    uptimeSeconds: readNumber('Uptime_sec'),
    currentConnections: readNumber('CurrConns'),
    maxConnections: readNumber('Maxconn'),
    cumulativeRequests: readNumber('CumReq'),
    listeners: readNumber('Listeners'),
    fields,
  };
}

/** Asks `show info`. @throws {SinkError} like {@link RuntimeConnection.send} and {@link parseProcessInfo}. */
export async function readProcessInfo(connection: RuntimeConnection): Promise<ProcessInfo> {
  const [reply = ''] = await connection.send(['show info']);
  return parseProcessInfo(reply);
}

function createAnswerError(field: string): SinkError {
  return new SinkError(`reading the answer to "show info": there is no usable field "${field}"`, {
    code: 'SINK_APPLY_FAILED',
    hint: 'Check that the socket is the stats socket of a HAProxy 2.6 or later',
  });
}
