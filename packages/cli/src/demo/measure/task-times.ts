/** How long the traffic took to follow one task. */
export interface Delay {
  readonly app: string;
  readonly task: string;
  readonly delayMs: number;
}

interface TaskTime {
  readonly app: string;
  /** When Marathon said that it runs; absent for a task that ran before anybody asked. */
  startedAtMs?: number;
  firstAnswerAtMs?: number;
  /** When Marathon said that it was asked to end. */
  endingAtMs?: number;
  lastAnswerAtMs?: number;
  isGone?: boolean;
}

/**
 * From what Marathon says of a task to what clients see of it: from "running" to the first answer (health and readiness checks included), and from
 * "asked to end" to the last answer. Seen by requests, so the time between two of them is part of it. All times are of one monotonic clock.
 */
export class TaskTimes {
  readonly #times = new Map<string, TaskTime>();

  started(task: string, app: string, atMs: number): void {
    if (!this.#times.has(task)) this.#times.set(task, { app, startedAtMs: atMs });
  }

  ending(task: string, app: string, atMs: number): void {
    const time = this.#times.get(task) ?? { app };
    time.endingAtMs ??= atMs;
    this.#times.set(task, time);
  }

  /** Marathon can be asked again: who started meanwhile and has not answered could not be known before. */
  marathonIsBack(atMs: number): void {
    for (const time of this.#times.values()) {
      if (time.startedAtMs !== undefined && time.firstAnswerAtMs === undefined) time.startedAtMs = atMs;
    }
  }

  /** Nothing more is expected of it. */
  gone(task: string): void {
    const time = this.#times.get(task);
    if (time !== undefined) time.isGone = true;
  }

  answered(task: string, app: string, atMs: number): void {
    const time = this.#times.get(task) ?? { app };
    time.firstAnswerAtMs ??= atMs;
    time.lastAnswerAtMs = atMs;
    this.#times.set(task, time);
  }

  /** Tasks which Marathon said to run since then, and that answered. */
  arrivals(sinceMs = 0): readonly Delay[] {
    return this.#delays(({ startedAtMs, firstAnswerAtMs }) => between(startedAtMs, firstAnswerAtMs, sinceMs));
  }

  /** Tasks which Marathon said to end since then. One that got no request after that left in no time. */
  departures(sinceMs = 0): readonly Delay[] {
    return this.#delays(({ endingAtMs, lastAnswerAtMs, firstAnswerAtMs }) =>
      firstAnswerAtMs === undefined ? undefined : between(endingAtMs, lastAnswerAtMs, sinceMs),
    );
  }

  /** Tasks which Marathon said to run since then, that are still wanted, and that never answered. */
  waiting(sinceMs = 0): readonly string[] {
    return [...this.#times]
      .filter(([, { startedAtMs = -1, firstAnswerAtMs, endingAtMs, isGone }]) => {
        return startedAtMs >= sinceMs && firstAnswerAtMs === undefined && endingAtMs === undefined && isGone !== true;
      })
      .map(([task]) => task);
  }

  #delays(measure: (time: TaskTime) => number | undefined): Delay[] {
    return [...this.#times].flatMap(([task, time]) => {
      const delayMs = measure(time);
      return delayMs === undefined ? [] : [{ app: time.app, task, delayMs }];
    });
  }
}

function between(fromMs: number | undefined, toMs: number | undefined, sinceMs: number): number | undefined {
  if (fromMs === undefined || toMs === undefined || fromMs < sinceMs) return undefined;
  return Math.max(0, toMs - fromMs);
}

export interface DelayStatistics {
  readonly tasks: number;
  readonly medianMs: number;
  readonly worstMs: number;
}

/** Undefined when there is nothing to tell. */
export function summarizeDelays(delays: readonly Delay[]): DelayStatistics | undefined {
  const sorted = delays.map(({ delayMs }) => Math.round(delayMs)).sort((left, right) => left - right);
  const worstMs = sorted.at(-1);
  const medianMs = sorted[Math.floor((sorted.length - 1) / 2)];
  if (worstMs === undefined || medianMs === undefined) return undefined;
  return { tasks: sorted.length, medianMs, worstMs };
}
