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
  /** Any field as it came, by its name. */
  field(name: string): string | undefined;
}

/** @throws {SinkError} SINK_APPLY_FAILED when this is no answer to `show info`. */
export function parseProcessInfo(text: string): ProcessInfo {
  // Of some seventy fields a few are wanted, and this is asked with every change: the text is searched, not taken apart.
  const lines = `\n${text}\n`;
  const field = (name: string): string | undefined => {
    const head = `\n${name}: `;
    const found = lines.indexOf(head);
    if (found === -1) return undefined;
    const start = found + head.length;
    return lines.slice(start, lines.indexOf('\n', start));
  };
  const readNumber = (name: string): number => {
    const value = Number(field(name) || Number.NaN);
    if (!Number.isFinite(value)) throw createAnswerError(name);
    return value;
  };
  const version = field('Version');
  if (version === undefined) throw createAnswerError('Version');
  return {
    pid: readNumber('Pid'),
    version,
    stopping: readNumber('Stopping') !== 0,
    description: field('description') || undefined,
    uptimeSeconds: readNumber('Uptime_sec'),
    currentConnections: readNumber('CurrConns'),
    maxConnections: readNumber('Maxconn'),
    cumulativeRequests: readNumber('CumReq'),
    listeners: readNumber('Listeners'),
    field,
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
    hint: 'check that the socket is the stats socket of a HAProxy 2.6 or later',
  });
}
