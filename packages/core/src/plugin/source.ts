import type { Service } from '../model/service.ts';
import type { PluginContext } from './context.ts';
import type { Warning } from './sink.ts';

/** Knows what services exist. */
export interface Source {
  /**
   * Yields the complete set of services once it is known, and again after every change, in a stable order.
   * Throws when it can no longer tell; an empty set is a statement, not knowing is an exception.
   * Contains no retry loop: the runtime starts `watch` again, with backoff, on the same source object; an end without an abort
   * counts as a failure. `context.signal` belongs to one such attempt and is aborted when it is over.
   * A service that did not change is best yielded as the same object: then nobody has to compare it.
   * An error whose `retryable` is false (a wrong password, a broken contract) ends the run if there was no answer yet,
   * and is tried again once a minute otherwise.
   */
  watch(context: PluginContext): AsyncIterable<SourceUpdate>;
  /** Checks that `watch` could start. Takes and releases its own resources. */
  probe?(context: PluginContext): Promise<void>;
}

/** A plain set of services whose ids begin with `<context.id>:`, or a set with what the source can say about its losses. */
export type SourceUpdate = Iterable<Service> | Snapshot;

export interface Snapshot {
  readonly services: Iterable<Service>;
  /**
   * Ids of services whose loss of endpoints, or whose own absence, was stated upstream (scaled down or deleted on purpose).
   * Guards let these losses pass, because they are no hiccup.
   */
  readonly intended?: ReadonlySet<string>;
  /** What was left out of this set, or stands in it from an earlier time, because a part of the upstream could not be used. */
  readonly warnings?: readonly Warning[];
}
