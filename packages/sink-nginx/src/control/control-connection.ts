import { connect } from 'node:net';
import { type ControlAnswer, createAnswerReader } from './answer-reader.ts';

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** One connection to the control socket, kept from one question to the next. While it is idle it holds up no end of the process. */
export interface ControlConnection {
  /** Whether it takes a question. */
  readonly isIdle: boolean;
  /**
   * One question at a time. Whatever goes wrong ends the connection.
   *
   * @throws {UnansweredError} when it ended before anything came back; what else was wrong with the answer or the wait as another Error; the
   * signal's reason when it is aborted.
   */
  exchange(request: string, options: ExchangeOptions): Promise<ControlAnswer>;
  close(): void;
}

/** The connection ended, or was never made, and nothing came back: `cause` says why. */
export class UnansweredError extends Error {}

interface Question {
  resolve(answer: ControlAnswer): void;
  reject(error: unknown): void;
}

/** `node:http` does all this, too, and needs most of the time that a change takes: this knows one peer, and how it answers. */
export function openControlConnection(socketPath: string): ControlConnection {
  const socket = connect({ path: socketPath });
  let reader = createAnswerReader();
  let question: Question | undefined;
  let isOpen = true;

  const end = (error: unknown): void => {
    isOpen = false;
    socket.destroy();
    question?.reject(error);
    question = undefined;
  };
  const lose = (cause: Error): void =>
    end(reader.hasBegun ? new Error('its answer broke off', { cause }) : new UnansweredError(cause.message, { cause }));
  const conclude = (answer: ControlAnswer): void => {
    question?.resolve(answer);
    question = undefined;
    // What it did not wait for would run into the next question.
    if (!answer.keepsConnection || socket.writableLength > 0) end(undefined);
    else socket.unref();
  };
  socket.on('data', (piece: Buffer) => {
    if (question === undefined) return end(undefined);
    try {
      const answer = reader.push(piece);
      if (answer !== undefined) conclude(answer);
    } catch (error) {
      end(error);
    }
  });
  socket.on('end', () => {
    const answer = reader.end();
    if (answer === undefined) lose(new Error('nginx closed the connection'));
    else conclude(answer);
  });
  socket.on('error', lose);

  return {
    get isIdle() {
      return isOpen && question === undefined;
    },
    exchange(request, { signal, timeoutMs }) {
      return new Promise((resolve, reject) => {
        const onAbort = (): void => end(signal.reason);
        const timer = setTimeout(() => end(new Error(`nginx did not answer within ${timeoutMs} ms`)), timeoutMs);
        const release = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        question = {
          resolve(answer) {
            release();
            resolve(answer);
          },
          reject(error) {
            release();
            reject(error);
          },
        };
        reader = createAnswerReader();
        socket.ref();
        socket.write(request);
      });
    },
    close: () => end(new Error('the connection was closed on this side')),
  };
}
