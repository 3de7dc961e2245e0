import type { TaskIdentity } from './records/parse-enumerate.ts';
import type { RecordTable } from './records/record-table.ts';

/** What one poll brought. */
export interface Reading {
  readonly table: RecordTable;
  /** Ids of tasks by the target of their SRV records, as far as they are known. */
  readonly tasks: ReadonlyMap<string, TaskIdentity>;
  /** When to poll again at the latest, because records expire. */
  readonly expiresInMs?: number;
}

/** Reads all that is known from one or another server. One per run of `watch`; owns its sockets. */
export interface Reader extends AsyncDisposable {
  /**
   * Undefined when the only servers that answer know less than was read before: there is no news then.
   *
   * @throws {SourceError} when no server can tell.
   */
  read(signal: AbortSignal): Promise<Reading | undefined>;
  /** @throws {SourceError} when no server can be read. */
  probe(signal: AbortSignal): Promise<void>;
}

/** How messages and hints speak of the other side. */
export const upstream = {
  system: 'Mesos-DNS',
  nothing: 'no tasks',
  reachHint: 'check host and port, and that Mesos-DNS runs with "HttpOn": its HTTP API has port 8123, port 53 is DNS',
  credentialsHint: 'check the credentials; Mesos-DNS has none, so a proxy in front of it wants them',
};
