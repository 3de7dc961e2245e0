import type { PipelineEvent } from './events.ts';

type WithoutTime<Event> = Event extends PipelineEvent ? Omit<Event, 'at'> : never;

/** Says what happened; the hub adds when. */
export type Emit = (event: WithoutTime<PipelineEvent>) => void;

/** Hands every event to every listener, in order. One listener can neither stop nor delay another. */
export class EventHub {
  #listeners = new Set<(event: PipelineEvent) => void>();

  readonly emit: Emit = (event) => {
    const stamped = { ...event, at: Date.now() } as PipelineEvent;
    for (const listener of [...this.#listeners]) {
      try {
        listener(stamped);
      } catch {
        // A view that cannot draw must never touch the traffic.
      }
    }
  };

  subscribe(listener: (event: PipelineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
