import { SinkError } from '@signalbox/core';
import type { ControlAnswer } from './answer-reader.ts';
import { type ControlConnection, openControlConnection, UnansweredError } from './control-connection.ts';

export interface ControlOptions {
  readonly signal: AbortSignal;
  /** Default 10000. */
  readonly timeoutMs?: number;
}

/** Asks over one connection that is kept, and over others of their own while that one is busy: a long answer holds up no change. */
export interface ControlClient {
  /**
   * With a body it is a POST. nginx may close an idle connection while a question is on its way, and then has not read it: it is asked once more over
   * a new one.
   *
   * @throws {SinkError} SINK_UNREACHABLE without a whole answer, SINK_REFUSED without rights on the socket.
   */
  ask(path: string, options: ControlOptions, body?: string): Promise<ControlAnswer>;
  /** Ends all connections; a further question opens one again. */
  close(): void;
}

export function createControlClient(socketPath: string): ControlClient {
  let kept: ControlConnection | undefined;
  const lent = new Set<ControlConnection>();

  const lend = async (
    connection: ControlConnection,
    request: string,
    options: Required<ControlOptions>,
  ): Promise<ControlAnswer> => {
    lent.add(connection);
    try {
      return await connection.exchange(request, options);
    } finally {
      lent.delete(connection);
      if (kept?.isIdle) connection.close();
      else kept = connection;
    }
  };

  return {
    async ask(path, { signal, timeoutMs = 10_000 }, body) {
      signal.throwIfAborted();
      const request = formatRequest(path, body);
      const endAtMs = performance.now() + timeoutMs;
      const before = kept?.isIdle ? kept : undefined;
      if (before !== undefined) kept = undefined;
      try {
        if (before !== undefined) {
          const answer = await lend(before, request, { signal, timeoutMs }).catch(ignoreUnanswered);
          if (answer !== undefined) return answer;
        }
        const leftMs = Math.max(1, Math.ceil(endAtMs - performance.now()));
        return await lend(openControlConnection(socketPath), request, { signal, timeoutMs: leftMs });
      } catch (error) {
        signal.throwIfAborted();
        throw toControlError(error, socketPath);
      }
    },
    close() {
      for (const connection of lent) connection.close();
      kept?.close();
      kept = undefined;
    },
  };
}

function ignoreUnanswered(error: unknown): undefined {
  if (!(error instanceof UnansweredError)) throw error;
}

function formatRequest(path: string, body: string | undefined): string {
  if (body === undefined) return `GET ${path} HTTP/1.1\r\nHost: signalbox\r\n\r\n`;
  return `POST ${path} HTTP/1.1\r\nHost: signalbox\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function toControlError(error: unknown, socketPath: string): SinkError {
  const cause = error instanceof UnansweredError ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const message = `asking nginx on its control socket "${socketPath}"`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new SinkError(message, {
      code: 'SINK_REFUSED',
      cause,
      hint: 'run Signalbox as the user that starts nginx, or as root',
    });
  }
  return new SinkError(message, {
    code: 'SINK_UNREACHABLE',
    cause,
    hint: 'check that nginx runs with the configuration that Signalbox wrote',
  });
}
