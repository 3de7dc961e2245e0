import { SinkError } from '@signalbox/core';
import { createReplySplitter, removePayloadEcho } from './reply-splitter.ts';
import { encodeCommand, maxCommandBytes, type RuntimeCommand, type StreamedCommand } from './runtime-command.ts';
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

/** One call of `send`, or the command that begins the conversation. */
interface Job {
  readonly batches: readonly Batch[];
  /** Batches that were written. */
  written: number;
  /** Replies that have to be there before the next batch is. */
  awaited: number;
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
  /** In the order of the calls; the first one is at work. */
  const jobs: Job[] = [];
  let broken: unknown;

  const breakWith = (error: unknown): void => {
    broken ??= error;
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
    socket.destroy();
    for (const { reject } of jobs.splice(0)) reject(broken);
  };
  const onAbort = (): void => breakWith(signal.reason);
  // One for all batches, which push it back: to make one for each costs more than most commands.
  const timer = setTimeout(() => {
    if (jobs.length > 0) breakWith(createTimeoutError(socketPath, timeoutMs));
  }, timeoutMs);

  const writeBatch = (job: Job): void => {
    const batch = job.batches[job.written];
    if (batch === undefined) return;
    job.written += 1;
    job.awaited += batch.commands.length;
    timer.refresh();
    socket.write(batch.text);
  };
  const endJob = (): void => {
    jobs.shift();
    const [next] = jobs;
    if (next !== undefined) writeBatch(next);
  };
  const goOn = (job: Job): void => {
    const { commands = [] } = job.batches[job.written - 1] ?? {};
    if (takeReplies(job.replies, commands)) {
      job.reject(createLevelError(socketPath));
      endJob();
    } else if (job.written < job.batches.length) writeBatch(job);
    else {
      job.resolve(job.replies);
      endJob();
    }
  };
  /** Writes at once where nobody is before, so that whoever asks can do something else until HAProxy answers. */
  const run = (batches: readonly Batch[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      const job: Job = { batches, written: 0, awaited: 0, replies: [], resolve, reject };
      if (jobs.push(job) === 1) writeBatch(job);
    });

  signal.addEventListener('abort', onAbort, { once: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', (error) => breakWith(toSocketError(error, 'talking over', socketPath)));
  socket.on('end', () => breakWith(createEndError(socketPath, jobs[0])));
  socket.on('close', () => breakWith(createEndError(socketPath, jobs[0])));
  socket.on('data', (chunk: string) => {
    const [job] = jobs;
    const replies = splitter.push(chunk, job && ((reply) => readerOf(job, job.replies.length + reply)));
    if (job !== undefined) {
      for (const reply of replies) job.replies.push(reply);
      if (job.replies.length < job.awaited) return;
      if (job.replies.length === job.awaited && !splitter.partial) return goOn(job);
    } else if (replies.length === 0 && !splitter.partial) return;
    breakWith(createFramingError(socketPath));
  });

  if (signal.aborted) onAbort();
  await run([{ text: 'prompt\n', commands: ['prompt'] }]);
  return {
    async send(commands) {
      const batches = cutIntoBatches(commands);
      return batches.length === 0 ? [] : run(batches);
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

/** Who takes the pieces of this reply of a job. */
function readerOf({ batches, written, awaited }: Job, reply: number): StreamedCommand['onPiece'] | undefined {
  const { commands = [] } = batches[written - 1] ?? {};
  const command = commands[reply - awaited + commands.length];
  return typeof command === 'object' && 'onPiece' in command ? command.onPiece : undefined;
}

/** The replies to the last batch, as they are meant. True when one of its commands was denied. */
function takeReplies(replies: string[], commands: readonly RuntimeCommand[]): boolean {
  const start = replies.length - commands.length;
  let denied = false;
  for (const [index, command] of commands.entries()) {
    let reply = replies[start + index] ?? '';
    if (typeof command !== 'string' && 'payload' in command) {
      reply = removePayloadEcho(reply);
      replies[start + index] = reply;
    }
    denied ||= reply.startsWith('Permission denied');
  }
  return denied;
}

interface Batch {
  readonly text: string;
  readonly commands: readonly RuntimeCommand[];
}

/** All commands are checked before the first is sent. */
function cutIntoBatches(commands: readonly RuntimeCommand[]): readonly Batch[] {
  const batches: Batch[] = [];
  let texts: string[] = [];
  let bytes = 0;
  let batch: RuntimeCommand[] = [];
  const flush = (): void => {
    if (batch.length > 0) batches.push({ text: texts.join(''), commands: batch });
    texts = [];
    bytes = 0;
    batch = [];
  };
  for (const command of commands) {
    const encoded = encodeCommand(command);
    const encodedBytes = Buffer.byteLength(encoded);
    if (batch.length === maxBatchCommands || bytes + encodedBytes > maxCommandBytes) flush();
    texts.push(encoded);
    bytes += encodedBytes;
    batch.push(command);
  }
  flush();
  return batches;
}

function createEndError(path: string, job: Job | undefined): SinkError {
  const progress = job === undefined ? '' : ` after ${job.replies.length} of ${job.awaited} replies`;
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
