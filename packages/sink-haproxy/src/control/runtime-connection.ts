import { SinkError } from '@signalbox/core';
import { createReplySplitter, removePayloadEcho } from './reply-splitter.ts';
import { encodeCommand, maxCommandBytes, type RuntimeCommand } from './runtime-command.ts';
import { connectSocket, createTimeoutError, toSocketError } from './unix-socket.ts';

export interface RuntimeOptions {
  readonly signal: AbortSignal;
  /** For connecting, and for the replies of each batch. Default 5000. */
  readonly timeoutMs?: number;
}

/** One conversation with one process, in prompt mode. Use one per transaction: a connection stays with its worker across a reload. */
export interface RuntimeConnection {
  /**
   * Sends one command per line, in batches that HAProxy takes whole, and gives one reply per command, in order, without
   * surrounding line breaks (`''` for a plain success). An error reply is a reply: the commands after it run. Calls queue up.
   *
   * @throws {SinkError} SINK_APPLY_FAILED when a command must not be sent (then none was); SINK_REFUSED when a reply is
   * `Permission denied`; SINK_UNREACHABLE when the connection ends or the time is up (then nobody knows which commands
   * ran: read back).
   */
  send(commands: readonly RuntimeCommand[]): Promise<readonly string[]>;
  /** False once it ended, by whatever hand. */
  readonly isOpen: boolean;
  /** Resolves when it has ended, by whatever hand. */
  readonly closed: Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** HAProxy yields to its traffic between batches: more in one go raised p99 latency, less cost speed. */
const maxBatchCommands = 200;

interface PendingBatch {
  readonly size: number;
  readonly replies: string[];
  readonly resolve: (replies: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the stats socket.
 *
 * @throws {SinkError} SINK_UNREACHABLE (no socket, nobody behind it), SINK_REFUSED (no rights).
 */
export async function openRuntime(socketPath: string, options: RuntimeOptions): Promise<RuntimeConnection> {
  const { signal, timeoutMs = 5_000 } = options;
  const socket = await connectSocket(socketPath, { signal, timeoutMs });
  const splitter = createReplySplitter();
  let pending: PendingBatch | undefined;
  let broken: unknown;
  let queue: Promise<unknown> = Promise.resolve();

  const breakWith = (error: unknown): void => {
    broken ??= error;
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
    pending?.reject(broken);
    pending = undefined;
  };
  const onAbort = (): void => breakWith(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', (error) => breakWith(toSocketError(error, 'talking over', socketPath)));
  socket.on('end', () => breakWith(createEndError(socketPath, pending)));
  socket.on('close', () => breakWith(createEndError(socketPath, pending)));
  socket.on('data', (chunk: string) => {
    const replies = splitter.push(chunk);
    if (pending === undefined) {
      if (replies.length > 0 || splitter.partial) breakWith(createFramingError(socketPath));
      return;
    }
    pending.replies.push(...replies);
    if (pending.replies.length < pending.size) return;
    if (pending.replies.length > pending.size || splitter.partial) return breakWith(createFramingError(socketPath));
    pending.resolve(pending.replies);
    pending = undefined;
  });

  const exchange = (text: string, size: number): Promise<readonly string[]> =>
    new Promise<readonly string[]>((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      const timer = setTimeout(() => breakWith(createTimeoutError(socketPath, timeoutMs)), timeoutMs);
      pending = {
        size,
        replies: [],
        resolve: (replies) => {
          clearTimeout(timer);
          resolve(replies);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      socket.write(text);
    });

  const sendAll = async (batches: readonly Batch[]): Promise<readonly string[]> => {
    const replies: string[] = [];
    for (const { text, commands } of batches) {
      const answers = await exchange(text, commands.length);
      for (const [index, command] of commands.entries()) {
        const answer = answers[index] ?? '';
        const reply = typeof command === 'string' ? answer : removePayloadEcho(answer);
        if (reply.startsWith('Permission denied')) throw createLevelError(socketPath);
        replies.push(reply);
      }
    }
    return replies;
  };

  if (signal.aborted) onAbort();
  await exchange('prompt\n', 1);
  return {
    async send(commands) {
      const batches = cutIntoBatches(commands);
      const result = queue.then(() => sendAll(batches));
      queue = result.catch(() => {});
      return result;
    },
    closed,
    get isOpen() {
      return broken === undefined;
    },
    async [Symbol.asyncDispose]() {
      breakWith(
        new SinkError(`using HAProxy's socket "${socketPath}" after it was closed`, { code: 'SINK_UNREACHABLE' }),
      );
      await closed;
    },
  };
}

interface Batch {
  readonly text: string;
  readonly commands: readonly RuntimeCommand[];
}

/** All commands are checked before the first is sent. */
function cutIntoBatches(commands: readonly RuntimeCommand[]): readonly Batch[] {
  const batches: Batch[] = [];
  let text = '';
  let bytes = 0;
  let batch: RuntimeCommand[] = [];
  const flush = (): void => {
    if (batch.length > 0) batches.push({ text, commands: batch });
    text = '';
    bytes = 0;
    batch = [];
  };
  for (const command of commands) {
    const encoded = encodeCommand(command);
    const encodedBytes = Buffer.byteLength(encoded);
    if (batch.length === maxBatchCommands || bytes + encodedBytes > maxCommandBytes) flush();
    text += encoded;
    bytes += encodedBytes;
    batch.push(command);
  }
  flush();
  return batches;
}

function createEndError(path: string, pending: PendingBatch | undefined): SinkError {
  const progress = pending === undefined ? '' : ` after ${pending.replies.length} of ${pending.size} replies`;
  return new SinkError(`talking over HAProxy's socket "${path}": it closed the connection${progress}`, {
    code: 'SINK_UNREACHABLE',
    hint: 'HAProxy ended, or nothing was sent for longer than its "stats timeout"',
  });
}

function createFramingError(path: string): SinkError {
  return new SinkError(`talking over HAProxy's socket "${path}": it sent more than one reply to a command`, {
    code: 'SINK_UNREACHABLE',
    hint: 'check that the socket is the stats socket of a HAProxy 2.6 or later',
  });
}

function createLevelError(path: string): SinkError {
  return new SinkError(`talking over HAProxy's socket "${path}": it denies the command`, {
    code: 'SINK_REFUSED',
    hint: 'add "level admin" to the "stats socket" line',
  });
}
