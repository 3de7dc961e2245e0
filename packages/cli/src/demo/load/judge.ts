import type { RequestRecord } from './request-record.ts';

/**
 * `answered`: a task of the right app answered with success. `cut-off`: the task died without notice while the request was in flight;
 * nobody can answer it. `failed`: everything else.
 */
export type Verdict = 'answered' | 'cut-off' | 'failed';

/** A task that ended without notice. */
export interface SuddenDeath {
  readonly app: string;
  /** Same clock as that of the requests. */
  readonly atMs: number;
}

/** How long after a death a request that was in flight may still be told so. */
const noticeMs = 1_000;

/**
 * A failure is excused only if the request was under way when a task of its app died, if it was cut off by that (a broken connection, or 502,
 * which HAProxy answers when a server breaks an exchange that had begun), and if it failed right then. A 503 or a time-out is never excused: there
 * the proxy found no task, although others lived.
 */
export function judge(
  record: RequestRecord,
  belongs: (task: string) => boolean,
  deaths: readonly SuddenDeath[],
): Verdict {
  const { status, task } = record;
  if (isSuccess(status) && task !== undefined && belongs(task)) return 'answered';
  return isCutOff(record) && deaths.some((death) => wasInFlight(record, death)) ? 'cut-off' : 'failed';
}

/** What to show of a request that was not answered. */
export function describeFailure({ target, status, task, error }: RequestRecord): string {
  const entrance = target.entrance === 'host' ? `host ${target.host}` : `port ${target.port}`;
  const result = error ?? (isSuccess(status) ? `answered by ${task ?? 'nobody known'}` : `status ${status}`);
  return `${target.app} through ${entrance}: ${result}`;
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function isCutOff({ status, error }: RequestRecord): boolean {
  return status === 502 || (status === undefined && error !== undefined && !error.startsWith(timeoutPrefix));
}

function wasInFlight({ target, startedAtMs, endedAtMs }: RequestRecord, { app, atMs }: SuddenDeath): boolean {
  return target.app === app && startedAtMs <= atMs && endedAtMs >= atMs && endedAtMs - atMs <= noticeMs;
}

/** Begins the error of a request that got no answer in time. */
export const timeoutPrefix = 'no answer within';
