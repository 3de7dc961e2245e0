import { delay } from '@signalbox/core';
import { openRuntime, type RuntimeConnection } from './runtime-connection.ts';
import { createTurns } from './turns.ts';

export interface RuntimeSessionOptions<Greeting> {
  readonly socketPath: string;
  /** Asked first in each use. Throws when this connection must not be used. */
  readonly greet: (connection: RuntimeConnection) => Promise<Greeting>;
  /** A connection that nobody used for so long is closed. Default 10000; HAProxy closes it after its "stats timeout". */
  readonly idleTimeoutMs?: number;
  /** How old a greeting may be for a user that trusts it. Default 0: none is trusted. */
  readonly trustMs?: number;
}

export interface UseOptions<Greeting> {
  /** Whether the greeting of the use before will do, as long as it is fresh. Default: it will not, and HAProxy is asked again. */
  readonly trusts?: (greeting: Greeting) => boolean;
}

/**
 * Owns the connection to the runtime socket, and keeps it from one use to the next: connecting costs more than most changes. A connection
 * stays with its worker across a reload, and an old worker does not end before it is closed; so each use begins with the greeting, and a kept
 * connection that fails it gives way to a new one.
 */
export interface RuntimeSession<Greeting> {
  /**
   * Lends the connection to one user at a time, in the order of the calls; to the first one at once, so that its greeting is on the way when this
   * returns. An error of the user's, or its abort, closes the connection: nobody knows what is still on the way. Without a signal a use goes to its
   * end, of which every step has a time-out of its own.
   *
   * @throws what a new connection or its greeting fails with, and what `work` throws.
   */
  use<Result>(
    signal: AbortSignal | undefined,
    work: (connection: RuntimeConnection, greeting: Greeting) => Promise<Result>,
    options?: UseOptions<Greeting>,
  ): Promise<Result>;
  /**
   * Waits so long, or until HAProxy ends the connection that is kept, because it ends itself or an old worker does: then it is true. For one
   * caller at a time.
   *
   * @throws the signal's reason when it is aborted.
   */
  pause(durationMs: number, signal: AbortSignal): Promise<boolean>;
  /** Closes the connection, after the use that has begun. The next use opens another one. */
  close(): Promise<void>;
}

export function createRuntimeSession<Greeting>(options: RuntimeSessionOptions<Greeting>): RuntimeSession<Greeting> {
  const { socketPath, greet, idleTimeoutMs = 10_000, trustMs = 0 } = options;
  const turns = createTurns();
  let connection: RuntimeConnection | undefined;
  /** Of the connection, which outlives the signals of its users. */
  let lifetime = new AbortController();
  /** Made once for a connection and pushed back by each use: to make one for each use costs more than most commands. */
  let idleTimer: NodeJS.Timeout | undefined;
  /** Listened to for as long as the connection is kept, for the same reason: the uses of one pipeline share it. */
  let watched: AbortSignal | undefined;
  let user: { readonly signal: AbortSignal | undefined } | undefined;
  let endPause = (): void => {};
  let greeted: { readonly greeting: Greeting; readonly atMs: number } | undefined;

  const onAbort = (): void => {
    // Who waits, or has no signal, is not aborted with the others.
    if (user !== undefined && user.signal === watched) lifetime.abort(watched?.reason);
  };
  const watch = (signal: AbortSignal | undefined): void => {
    if (signal === watched) return;
    watched?.removeEventListener('abort', onAbort);
    watched = signal;
    signal?.addEventListener('abort', onAbort, { once: true });
  };

  const discard = async (): Promise<void> => {
    clearTimeout(idleTimer);
    watch(undefined);
    const discarded = connection;
    connection = undefined;
    greeted = undefined;
    await discarded?.[Symbol.asyncDispose]();
  };

  const greetOver = async (lent: RuntimeConnection): Promise<[RuntimeConnection, Greeting]> => {
    const greeting = await greet(lent);
    greeted = { greeting, atMs: performance.now() };
    return [lent, greeting];
  };

  const greetKept = async (
    signal: AbortSignal | undefined,
    trusts: UseOptions<Greeting>['trusts'],
  ): Promise<[RuntimeConnection, Greeting] | undefined> => {
    if (connection === undefined) return undefined;
    const isFresh = greeted !== undefined && connection.isOpen && performance.now() - greeted.atMs < trustMs;
    if (isFresh && greeted !== undefined && trusts?.(greeted.greeting)) return [connection, greeted.greeting];
    try {
      return await greetOver(connection);
    } catch {
      await discard();
      signal?.throwIfAborted();
      return undefined;
    }
  };

  const open = async (signal: AbortSignal | undefined): Promise<[RuntimeConnection, Greeting]> => {
    lifetime = new AbortController();
    if (signal !== undefined) watch(signal);
    const opened = await openRuntime(socketPath, { signal: lifetime.signal });
    connection = opened;
    idleTimer = setTimeout(() => {
      if (user === undefined) void close();
    }, idleTimeoutMs);
    // One that was discarded ended by our own hand.
    void opened.closed.then(() => connection === opened && endPause());
    return greetOver(opened);
  };

  const close = (): Promise<void> => turns.take(discard);

  return {
    use: (signal, work, { trusts } = {}) =>
      turns.take(async () => {
        signal?.throwIfAborted();
        user = { signal };
        if (signal !== undefined && connection !== undefined) watch(signal);
        try {
          const result = await work(...((await greetKept(signal, trusts)) ?? (await open(signal))));
          idleTimer?.refresh();
          return result;
        } catch (error) {
          await discard();
          throw error;
        } finally {
          user = undefined;
        }
      }, signal),
    async pause(durationMs, signal) {
      const end = new AbortController();
      const stop = (): void => end.abort();
      endPause = stop;
      signal.addEventListener('abort', stop, { once: true });
      try {
        if (signal.aborted) stop();
        await delay(durationMs, end.signal);
        return false;
      } catch {
        signal.throwIfAborted();
        return true;
      } finally {
        endPause = () => {};
        signal.removeEventListener('abort', stop);
      }
    },
    close,
  };
}
