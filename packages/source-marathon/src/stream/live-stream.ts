import { messageOf, SourceError } from '@signalbox/core';
import type { Master } from '../client/master.ts';
import { type OpenStreamOptions, openStream } from './open-stream.ts';
import { createEventParser, type MarathonEvent } from './parse-events.ts';

/** An event stream that is known to deliver. Its end is an ordinary fact, so it is a value and not an exception. */
export interface LiveStream extends Disposable {
  readonly master: Master;
  /** Why the stream ended. Never rejects. */
  readonly ended: Promise<SourceError>;
}

export interface LiveStreamOptions extends OpenStreamOptions {
  readonly idleTimeoutMs: number;
  /** Called for each event as it arrives, from the first one on. Must not throw. */
  readonly onEvent: (event: MarathonEvent) => void;
}

/** How long to wait for the first event, which is the stream's own `event_stream_attached`. */
const attachTimeoutMs = 5_000;

/**
 * Resolves once everything published from now on will be delivered: the answer's head is sent before the subscription is
 * made, and the first event says that it is. A stream without that event is taken after a few seconds.
 *
 * @throws {RefusedAnswer | SourceError} when there is no stream, or one that ends before its first event, which is how a
 *   master that does not lead, or does not lead yet, answers.
 */
export async function followStream(options: LiveStreamOptions): Promise<LiveStream> {
  const { idleTimeoutMs, onEvent, signal } = options;
  const stream = await openStream(options);
  let attach: () => void = () => {};
  const attached = new Promise<void>((resolve) => {
    attach = resolve;
  });
  const parser = createEventParser((event) => {
    attach();
    onEvent(event);
  });

  const read = async (): Promise<SourceError> => {
    let silent = false;
    const watchdog = setTimeout(() => {
      silent = true;
      stream.deadline.abort();
    }, idleTimeoutMs);
    try {
      for await (const chunk of stream.body) {
        watchdog.refresh();
        parser.feed(chunk);
      }
      return lost(stream.url, 'it was closed', undefined);
    } catch (error) {
      return silent
        ? new SourceError(`reading the event stream of ${stream.url}: silent for ${idleTimeoutMs} ms`, {
            code: 'SOURCE_TIMEOUT',
            url: stream.url,
            hint: 'check for a proxy in between that holds the stream back; "stream: off" polls instead',
          })
        : lost(stream.url, messageOf(error), error);
    } finally {
      clearTimeout(watchdog);
      stream[Symbol.dispose]();
    }
  };

  const ended = read();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(attachTimeoutMs, idleTimeoutMs / 2));
  });
  const early = await Promise.race([attached, patience, ended]);
  clearTimeout(timer);
  signal.throwIfAborted();
  if (early !== undefined) throw early;
  return { master: stream.master, ended, [Symbol.dispose]: () => stream[Symbol.dispose]() };
}

function lost(url: string, why: string, cause: unknown): SourceError {
  return new SourceError(`reading the event stream of ${url}: ${why}`, {
    code: 'SOURCE_UNREACHABLE',
    url,
    hint: 'wait for a new leader, or check the network',
    ...(cause !== undefined && { cause }),
  });
}
