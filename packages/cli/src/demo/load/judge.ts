import { isSuccess } from '@signalbox/testkit/load';
import type { Request } from './target.ts';

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
export function judge(record: Request, belongs: (task: string) => boolean, deaths: readonly SuddenDeath[]): Verdict {
  const { task } = record;
  if (isSuccess(record) && task !== undefined && belongs(task)) return 'answered';
  return isCutOff(record) && deaths.some((death) => wasInFlight(record, death)) ? 'cut-off' : 'failed';
}

/** What to show of a request that was not answered. */
export function describeFailure(record: Request): string {
  const { target, status, task, error } = record;
  const result = error ?? (isSuccess(record) ? `answered by ${task ?? 'nobody known'}` : `status ${status}`);
  return `${target.app} through ${target.entrance}: ${result}`;
}

function isCutOff({ status, timedOut }: Request): boolean {
  return status === 502 || (status === undefined && timedOut !== true);
}

function wasInFlight({ target, startedAtMs, endedAtMs }: Request, { app, atMs }: SuddenDeath): boolean {
  return target.app === app && startedAtMs <= atMs && endedAtMs >= atMs && endedAtMs - atMs <= noticeMs;
}
