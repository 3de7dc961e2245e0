import { connect, type Socket } from 'node:net';
import { SinkError } from '@signalbox/core';
import { assertSocketPath } from '@signalbox/sink-kit';

export interface ConnectOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Connects, and keeps the reading side open after `end()`.
 *
 * @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED.
 */
export function connectSocket(path: string, { signal, timeoutMs }: ConnectOptions): Promise<Socket> {
  assertSocketPath(path);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = connect({ path, allowHalfOpen: true }).setEncoding('utf8');
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('connect', onConnect);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      // What still comes of a socket that nobody wants any more.
      socket.on('error', () => {}).destroy();
      reject(error);
    };
    const onConnect = (): void => settle();
    const onError = (error: unknown): void => settle(toSocketError(error, 'connecting to', path));
    const onAbort = (): void => settle(signal.reason);
    const timer = setTimeout(() => settle(createTimeoutError(path, timeoutMs)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError).once('connect', onConnect);
  });
}

/** Names the socket, and what to do; `purpose` is a present participle, e.g. `connecting to`. */
export function toSocketError(error: unknown, purpose: string, path: string): SinkError {
  const code = systemCodeOf(error);
  const message = `${purpose} HAProxy's socket "${path}"`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new SinkError(message, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'give the user that runs Signalbox access to the socket ("user", "group" and "mode" of its line)',
    });
  }
  const hint =
    code === 'ENOENT'
      ? 'check that HAProxy runs, and that its configuration or command line names this socket'
      : 'check that HAProxy runs; the socket file of a dead process stays and refuses connections';
  return new SinkError(message, { code: 'SINK_UNREACHABLE', cause: error, hint });
}

export function createTimeoutError(path: string, timeoutMs: number): SinkError {
  return new SinkError(`waiting for an answer on HAProxy's socket "${path}": nothing within ${timeoutMs} ms`, {
    code: 'SINK_UNREACHABLE',
    hint: 'check the load of the machine and of HAProxy',
  });
}

/** The `code` of an error of the operating system, also of one that is the cause of ours. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof SinkError) return systemCodeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
