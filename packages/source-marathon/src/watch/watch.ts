import { Cell, type PluginContext, type Snapshot } from '@signalbox/core';
import { type Deadline, startDeadline } from '@signalbox/source-kit';
import { MarathonClient } from '../client/client.ts';
import type { Masters } from '../client/masters.ts';
import type { ResolvedMarathonOptions } from '../options.ts';
import { followEvents, hasNoStream } from './follow.ts';
import { poll } from './poll.ts';
import type { Registries } from './registries.ts';
import type { Session } from './session.ts';

export interface WatchParts {
  readonly options: ResolvedMarathonOptions;
  /** These two outlive a run: the master that answered last, verdicts, and the last good answer for each app and pod. */
  readonly masters: Masters;
  readonly registries: Registries;
  readonly now: () => number;
}

/**
 * Yields the newest snapshot whenever there is one. Reading goes on beside it, so that a slow consumer never makes the
 * event stream wait: Marathon drops events, or the connection, of a slow reader.
 */
export async function* watchMarathon(parts: WatchParts, context: PluginContext): AsyncGenerator<Snapshot, void> {
  const newest = new Cell<Snapshot>();
  const stop = startDeadline(context.signal);
  let failure: { readonly error: unknown } | undefined;
  const reading = readWhileWanted(parts, context, newest, stop).catch((error: unknown) => {
    failure = { error };
    stop.abort(error);
  });
  try {
    for (let seen = 0; ; ) {
      try {
        await newest.changedSince(seen, stop.signal);
      } catch {
        break;
      }
      seen = newest.version;
      if (newest.value !== undefined) yield newest.value;
    }
    // Aborted from outside: that is no error, whatever the requests that were cut off had to say about it.
    if (failure !== undefined && !context.signal.aborted) throw failure.error;
  } finally {
    stop.abort();
    stop[Symbol.dispose]();
    await reading;
  }
}

async function readWhileWanted(
  { options, masters, registries, now }: WatchParts,
  { logger }: PluginContext,
  newest: Cell<Snapshot>,
  { signal }: Deadline,
): Promise<never> {
  await using client = await MarathonClient.open(masters, options, signal);
  // What an earlier run left behind is not shown as news: events may arrive before this run has read everything once.
  let synced = false;
  const publish: Session['publish'] = ({ always } = { always: false }) => {
    synced ||= always;
    if (synced && (registries.changed || always)) newest.set(registries.snapshot());
  };
  const session: Session = { client, registries, options, logger, now, publish };
  for (let told = false; ; ) {
    signal.throwIfAborted();
    if (options.stream === 'off') {
      await poll(session, Number.POSITIVE_INFINITY, signal);
    } else {
      try {
        await followEvents(session, signal);
      } catch (error) {
        if (!hasNoStream(error)) throw error;
        if (!told)
          logger.warn({ intervalMs: options.pollIntervalMs }, 'Marathon has no event stream and is polled instead');
        told = true;
        // Looked for again now and then: Marathon may be upgraded, or a gateway may have answered in its place.
        await poll(session, now() + options.resyncMs, signal);
      }
    }
  }
}
