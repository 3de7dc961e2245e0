import { type Agent, request } from 'node:http';
import { SinkError } from '@signalbox/core';

export interface ControlOptions {
  readonly signal: AbortSignal;
  /** Default 10000. */
  readonly timeoutMs?: number;
}

export interface ControlRequest extends ControlOptions {
  readonly socketPath: string;
  readonly agent: Agent;
  readonly path: string;
  /** Makes it a POST. */
  readonly body?: string;
}

export interface ControlAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One question over a connection that may be kept. nginx may close an idle one while the question is on its way, and then has not read it: it is asked
 * once more over a new one.
 *
 * @throws {SinkError} SINK_UNREACHABLE without an answer, SINK_REFUSED without rights on the socket.
 */
export async function sendControlRequest(question: ControlRequest): Promise<ControlAnswer> {
  const { signal, timeoutMs = 10_000, socketPath } = question;
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  for (;;) {
    try {
      return await exchange(question, limit);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ClosedUnderway)) throw toControlError(error, socketPath);
    }
  }
}

/** A kept connection was closed before anything came back. */
class ClosedUnderway extends Error {}

function exchange({ socketPath, agent, path, body }: ControlRequest, signal: AbortSignal): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, agent, path, method: body === undefined ? 'GET' : 'POST', signal },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const isClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(outgoing.reusedSocket && isClosed ? new ClosedUnderway() : error);
    });
    outgoing.end(body);
  });
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
