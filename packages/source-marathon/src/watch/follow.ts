import { delay, isPipelineError, SourceError } from '@signalbox/core';
import { startDeadline } from '@signalbox/source-kit';
import { classifyEvent } from '../stream/classify-event.ts';
import { followStream, type LiveStream } from '../stream/live-stream.ts';
import type { MarathonEvent } from '../stream/parse-events.ts';
import { Hints } from './hints.ts';
import { readEverything, readSome } from './read.ts';
import type { Session } from './session.ts';

/** Above this many apps and pods one full answer costs Marathon less than one answer each. */
const maxSingleReads = 8;

/** A stream that was opened again and lost again within this time is left to the runtime, which waits between attempts. */
const minStreamLifeMs = 5_000;

/** Full answers caused by events are at least this many times their own duration apart, up to the limit below. */
const fullReadSpacing = 2;
const maxFullReadSpacingMs = 5_000;

/**
 * Follows the event stream: connect, wait until it is attached, read everything, then read again what the events name.
 * A stream that is lost is opened again at once, at any master, followed by a full read. Never resolves; throws when no
 * master gives a stream, or none answers.
 */
export async function followEvents(session: Session, signal: AbortSignal): Promise<never> {
  const hints = new Hints();
  // Ids that events name and that nothing has, or nothing that we may see; saves a request for each of their events.
  const unknown = new Set<string>();
  const onEvent = (event: MarathonEvent): void => takeEvent(event, session, hints, unknown);
  for (let attempt = 0; ; attempt += 1) {
    using stream = await connect(session, onEvent, signal);
    const connectedAtMs = session.now();
    const loss = await stayLive(session, stream, { hints, unknown }, signal);
    session.client.masters.noteFailure(stream.master);
    if (attempt > 0 && session.now() - connectedAtMs < minStreamLifeMs) throw loss;
  }
}

/**
 * What an event says is used at once only where it takes traffic away; all else is a hint to read.
 *
 * A task that ended is dead and goes at once. One that is to be killed still serves: it drains at once too, unless that
 * would leave nobody, or unless the app is known to be read behind its events. In a rolling deployment the replacement's
 * health and the end of the old task are announced in one breath, and only the answer brings the replacement.
 */
function takeEvent(event: MarathonEvent, { registries, publish }: Session, hints: Hints, unknown: Set<string>): void {
  const { specs, everything, deleted, written, task } = classifyEvent(event);
  if (written) for (const id of specs) unknown.delete(id);
  for (const id of deleted) {
    registries.apps.noteDeletion(id);
    registries.pods.noteDeletion(id);
  }
  let urgent = false;
  if (task !== undefined) {
    const { id, specId, state } = task;
    const registry = registries.pods.has(specId) ? registries.pods : registries.apps;
    const loss = registry.noteTaskState(specId, id, state, event.timestamp);
    urgent = loss !== undefined;
    const waits = loss === 'drain' && (hints.isBehind(specId) || registry.isLastServing(specId, id));
    if (urgent && !waits) {
      registry.refresh(specId);
      publish();
    }
  }
  hints.add({ everything, specs: specs.filter((id) => !unknown.has(id)), urgent });
}

async function connect(
  { client, options }: Session,
  onEvent: (event: MarathonEvent) => void,
  signal: AbortSignal,
): Promise<LiveStream> {
  const { masters } = client;
  if (masters.size > 1 && !masters.leaderIsKnown) {
    for (const master of masters.ordered()) {
      const leader = await client.readLeader(master, signal);
      if (leader === undefined) continue;
      masters.noteLeader(leader);
      break;
    }
  }
  const timeoutMs = Math.min(options.requestTimeoutMs, options.streamIdleTimeoutMs);
  return await masters.firstAnswer(
    masters.orderedForStream(),
    (master) =>
      followStream({ client, master, timeoutMs, idleTimeoutMs: options.streamIdleTimeoutMs, onEvent, signal }),
    signal,
  );
}

interface Collected {
  readonly hints: Hints;
  readonly unknown: Set<string>;
}

/** @returns why the stream was lost. */
async function stayLive(
  session: Session,
  stream: LiveStream,
  collected: Collected,
  signal: AbortSignal,
): Promise<SourceError> {
  using work = startDeadline(signal);
  let loss: SourceError | undefined;
  void stream.ended.then((error) => {
    loss = error;
    work.abort(error);
  });
  try {
    return await readOnHints(session, collected, work.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (loss !== undefined) return loss;
    throw error;
  }
}

async function readOnHints(session: Session, { hints, unknown }: Collected, signal: AbortSignal): Promise<never> {
  const { registries, options, now, publish } = session;
  let earliestFullReadAtMs = 0;
  let resyncAtMs = 0;
  const readAll = async (): Promise<void> => {
    hints.take();
    const startedAtMs = now();
    await readEverything(session, signal);
    const tookMs = now() - startedAtMs;
    earliestFullReadAtMs = now() + Math.min(maxFullReadSpacingMs, fullReadSpacing * tookMs);
    resyncAtMs = now() + options.resyncMs;
  };

  await readAll();
  hints.finish();
  publish({ always: true });
  for (;;) {
    await hints.waitForHint(Math.min(resyncAtMs, registries.reviewAtMs) - now(), signal);
    if (hints.pending) {
      await hints.waitForMore(options.coalesceMs, signal);
      const { everything, specs } = hints.take();
      if (everything || specs.length > maxSingleReads) {
        await delay(Math.max(0, earliestFullReadAtMs - now()), signal);
        await readAll();
      } else {
        for (const id of await readSome(session, specs, signal)) unknown.add(id);
      }
    } else if (now() >= resyncAtMs) {
      await readAll();
    }
    hints.finish();
    if (registries.reviewAtMs <= now()) registries.review();
    publish();
  }
}

/** Whether every master said that it has no event stream: Marathon 0.8, where the route does not exist. */
export function hasNoStream(error: unknown): boolean {
  return isPipelineError(error) && error.code === 'SOURCE_NOT_FOUND' && error instanceof SourceError
    ? /\/v2\/events$/.test(error.url ?? '')
    : false;
}
