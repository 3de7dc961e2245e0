import type { ClusterEvent } from '../cluster/cluster-event.ts';
import type { Dialect } from '../dialects/dialect.ts';

/** An event as Marathon publishes it; the fields depend on `eventType`. */
export interface MarathonEvent {
  readonly eventType: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** Writes an event as a version does; undefined if that version does not tell it. */
export function toEventJson(dialect: Dialect, event: ClusterEvent, timestamp: string): MarathonEvent | undefined {
  const description = dialect.describeEvent(event);
  if (description === undefined) return undefined;
  const { eventType, ...fields } = description;
  return { ...fields, eventType, timestamp };
}
