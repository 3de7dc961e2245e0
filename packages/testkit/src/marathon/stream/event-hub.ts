import type { MarathonEvent } from './event-json.ts';
import type { EventStream } from './event-stream.ts';

/** Hands every event to those who listen: streams, and the caller in the same process. */
export interface EventHub {
  publish(event: MarathonEvent): void;
  listen(listener: (event: MarathonEvent) => void): () => void;
  attach(stream: EventStream): void;
  detach(stream: EventStream): void;
  readonly streams: ReadonlySet<EventStream>;
}

export function createEventHub(): EventHub {
  const streams = new Set<EventStream>();
  const listeners = new Set<(event: MarathonEvent) => void>();
  return {
    streams,
    publish(event) {
      for (const listener of listeners) listener(event);
      for (const stream of streams) stream.send(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach: (stream) => streams.add(stream),
    detach: (stream) => streams.delete(stream),
  };
}
