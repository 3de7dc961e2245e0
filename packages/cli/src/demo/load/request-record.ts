/** Where a request enters: the service's own port, or the shared listener by host name. */
export type Entrance = 'port' | 'host';

/** `keep-alive` sends one request after another over one connection; `new-connection` opens one for each request. */
export type ClientKind = 'keep-alive' | 'new-connection';

/** Something that can be asked through the proxy. */
export interface Target {
  /** Id of the app that must answer. */
  readonly app: string;
  readonly entrance: Entrance;
  readonly client: ClientKind;
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** The host name that is asked for; the shared listener chooses by it. */
  readonly host: string;
}

/** What a client saw of one request. Times are those of one monotonic clock, in milliseconds. */
export interface RequestRecord {
  readonly target: Target;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Absent when no complete answer came. */
  readonly status?: number;
  /** Id of the task that answered. */
  readonly task?: string;
  /** Why no complete answer came. */
  readonly error?: string;
}
