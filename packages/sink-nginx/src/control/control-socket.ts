import { request } from 'node:http';
import { SinkError } from '@signalbox/core';

export interface ControlOptions {
  readonly signal: AbortSignal;
  /** Default 10000. */
  readonly timeoutMs?: number;
}

/** What the process that answers says of itself. */
export interface ControlState {
  readonly hash: string;
  /** In Lua mode only: changes with every batch and every cold start. */
  readonly generation?: string;
  readonly freeBytes?: number;
  readonly capacityBytes?: number;
}

export interface Batch {
  /** The generation that the batch was made for. */
  readonly base: string;
  readonly generation: string;
  readonly set: Readonly<Record<string, string>>;
  readonly delete: readonly string[];
}

export function readState(socketPath: string, options: ControlOptions): Promise<ControlState> {
  return ask(socketPath, { path: '/state' }, options) as Promise<ControlState>;
}

export async function readEntries(
  socketPath: string,
  options: ControlOptions,
): Promise<{ readonly generation: string; readonly entries: ReadonlyMap<string, string> }> {
  const { generation, entries } = (await ask(socketPath, { path: '/entries' }, options)) as {
    readonly generation: string;
    readonly entries: Readonly<Record<string, string>>;
  };
  return { generation, entries: new Map(Object.entries(entries)) };
}

/**
 * All of the batch, or nothing of it. Once this returns, no worker uses anything older.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED when somebody else was faster, SINK_APPLY_FAILED when the dictionary is full.
 */
export function sendBatch(socketPath: string, batch: Batch, options: ControlOptions): Promise<ControlState> {
  return ask(socketPath, { path: '/batch', body: JSON.stringify(batch) }, options) as Promise<ControlState>;
}

interface Question {
  readonly path: string;
  readonly body?: string;
}

function ask(
  socketPath: string,
  { path, body }: Question,
  { signal, timeoutMs = 10_000 }: ControlOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : toControlError(error, socketPath));
    const outgoing = request(
      { socketPath, path, method: body === undefined ? 'GET' : 'POST', agent: false, signal: limit },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          try {
            resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString(), path));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

function readAnswer(status: number, text: string, path: string): unknown {
  if (status === 409) {
    throw new SinkError('nginx was changed by others between plan and apply', {
      code: 'SINK_TARGET_CHANGED',
      hint: 'nothing to do: a new plan follows',
    });
  }
  if (status === 507) {
    throw new SinkError("the endpoints and routes do not fit into nginx's dictionary; nothing was changed", {
      code: 'SINK_APPLY_FAILED',
      output: text,
      hint: 'set `dictionaryMebibytes` to a higher number',
    });
  }
  const answer = parseObject(text);
  if (status !== 200 || answer === undefined) {
    throw new SinkError(`nginx answered ${path} on its control socket with status ${status}`, {
      code: 'SINK_APPLY_FAILED',
      output: text.slice(0, 2_000),
      hint: 'look at the error log of nginx in the run directory',
    });
  }
  return answer;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function toControlError(error: unknown, socketPath: string): SinkError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = `asking nginx on its control socket "${socketPath}"`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new SinkError(message, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'run Signalbox as the user that starts nginx, or as root',
    });
  }
  return new SinkError(message, {
    code: 'SINK_UNREACHABLE',
    cause: error,
    hint: 'check that nginx runs with the configuration that Signalbox wrote',
  });
}
