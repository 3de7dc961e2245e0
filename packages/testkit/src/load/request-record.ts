/** What one client of a load asks for, again and again. Your own fields ride along and come back in every record. */
export interface LoadTarget {
  /** Of plain HTTP. */
  readonly url: string;
  /** Sent with each request; a `host` here replaces that of the URL. */
  readonly headers?: Readonly<Record<string, string>>;
  /** One request after another over one connection; else a new connection for each request. Default true. */
  readonly keepAlive?: boolean;
}

/** What a client saw of one request. Times are those of `performance.now()`, in milliseconds. */
export interface RequestRecord<Target extends LoadTarget = LoadTarget> {
  readonly target: Target;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Absent when no complete answer came. */
  readonly status?: number;
  /** Id of the task that answered, as the header `x-task` says; tasks of the Marathon simulator send it. */
  readonly task?: string;
  /** Why no complete answer came. */
  readonly error?: string;
  /** True when no complete answer came in time. */
  readonly timedOut?: boolean;
}

/** A complete answer with a status from 200 to 299. */
export function isSuccess({ status }: Pick<RequestRecord, 'status'>): boolean {
  return status !== undefined && status >= 200 && status < 300;
}
