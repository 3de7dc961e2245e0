import type { RuntimeCommand } from './runtime-command.ts';

export interface RuntimeOptions {
  readonly signal: AbortSignal;
  /** For connecting, and for each batch of replies. Default 5000. */
  readonly timeoutMs?: number;
}

/** One conversation with one process, in prompt mode. Use one per transaction: a connection stays with its worker across a reload. */
export interface RuntimeConnection {
  /**
   * Sends one command per line, in batches that HAProxy takes whole, and gives one reply per command, in order, without surrounding
   * blank lines (`''` for a plain success). An error reply is a reply: the commands after it run. Calls queue up.
   *
   * @throws {SinkError} SINK_REFUSED when a reply is `Permission denied`, SINK_UNREACHABLE when the connection ends or the time is up
   * (then nobody knows which commands ran: read back).
   */
  send(commands: readonly RuntimeCommand[]): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the stats socket.
 *
 * @throws {SinkError} SINK_UNREACHABLE (no socket, nobody behind it), SINK_REFUSED (no rights).
 */
export declare function openRuntime(socketPath: string, options: RuntimeOptions): Promise<RuntimeConnection>;
