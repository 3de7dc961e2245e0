import type { Task, Verdict } from './app.ts';
import { timeOf } from './read-fields.ts';

/** As much of a task as it takes to remember things about it. */
export type TaskState = Pick<Task, 'id' | 'state' | 'startedAt'>;

/** What must outlive one answer, and one run of `watch`, to judge tasks fairly. */
export interface TaskMemory {
  /** The state to believe: the answer's, unless an event that is newer than the answer said otherwise. */
  stateOf(task: TaskState): string;
  /** The verdict to show; the last one when there is none now. Absent when there never was one. */
  judge(task: TaskState, verdict: Verdict): 'healthy' | 'unhealthy' | undefined;
  wasReady(taskId: string): boolean;
  noteReady(taskId: string, ready: boolean): void;
  /** When the task started, or was first seen if that is earlier by this machine's clock; epoch milliseconds. */
  firstSeenAtMs(task: TaskState, nowMs: number): number;
}

/** Task states that are never left again. `TASK_LOST` is not one of them: up to 1.3 a lost task may come back. */
const finalStates: ReadonlySet<string> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/**
 * An answer whose request began this long after an event is believed over the event. From 1.4 on an event is published
 * after the change is stored, and a moment would do; earlier versions do not promise it.
 */
const eventWinsForMs = 5_000;

/**
 * The same for a state that is never left: a task id does not come back, except that 1.0 to 1.3 start a resident task again
 * under the id it had, and the event that says so may be lost.
 */
const endWinsForMs = 60_000;

/** How long an ended task is remembered when no answer lists it. Longer than any request may take. */
const rememberForMs = 600_000;

interface StatedTask {
  readonly state: string;
  readonly timestamp: string;
  readonly atMs: number;
}

export class TaskLedger implements TaskMemory {
  readonly #verdicts = new Map<string, 'healthy' | 'unhealthy'>();
  readonly #ready = new Set<string>();
  readonly #firstSeen = new Map<string, number>();
  readonly #stated = new Map<string, StatedTask>();

  /** @returns whether the event changes what is to be believed. An event older than the last one of its task does not. */
  noteEvent(taskId: string, state: string, timestamp: string, nowMs: number): boolean {
    const known = this.#stated.get(taskId);
    if (known !== undefined && timestamp < known.timestamp) return false;
    this.#stated.set(taskId, { state, timestamp, atMs: nowMs });
    return known?.state !== state;
  }

  /** Lets an answer whose request began at this time overrule older events about these tasks. */
  noteAnswer(tasks: ReadonlyMap<string, TaskState>, requestedAtMs: number): void {
    if (this.#stated.size === 0) return;
    for (const task of tasks.values()) {
      const stated = this.#stated.get(task.id);
      if (stated === undefined) continue;
      const winsForMs = finalStates.has(stated.state) ? endWinsForMs : eventWinsForMs;
      if (requestedAtMs >= stated.atMs + winsForMs || stated.state === task.state) this.#stated.delete(task.id);
    }
  }

  /** Whether events decide, or have just ceased to decide, what is believed about one of these tasks. */
  hasNews(tasks: ReadonlyMap<string, TaskState>): boolean {
    const [few, many] = this.#stated.size < tasks.size ? [this.#stated, tasks] : [tasks, this.#stated];
    for (const taskId of few.keys()) if (many.has(taskId)) return true;
    return false;
  }

  stateOf(task: TaskState): string {
    const stated = this.#stated.get(task.id);
    // An event that says RUNNING brings no ports or addresses of its own: the next answer does.
    return stated === undefined || stated.state === 'TASK_RUNNING' ? task.state : stated.state;
  }

  judge(task: TaskState, verdict: Verdict): 'healthy' | 'unhealthy' | undefined {
    if (verdict !== 'unknown') this.#verdicts.set(task.id, verdict);
    return this.#verdicts.get(task.id);
  }

  wasReady(taskId: string): boolean {
    return this.#ready.has(taskId);
  }

  noteReady(taskId: string, ready: boolean): void {
    if (ready) this.#ready.add(taskId);
    else this.#ready.delete(taskId);
  }

  firstSeenAtMs(task: TaskState, nowMs: number): number {
    let seen = this.#firstSeen.get(task.id);
    if (seen === undefined) {
      seen = Math.min(nowMs, timeOf(task.startedAt) ?? nowMs);
      this.#firstSeen.set(task.id, seen);
    }
    return seen;
  }

  /** Forgets what was thought of a task that is no longer listed; that an event ended it is remembered. */
  forget(taskId: string): void {
    this.#verdicts.delete(taskId);
    this.#ready.delete(taskId);
    this.#firstSeen.delete(taskId);
  }

  /** Forgets old events about tasks that are no longer listed. */
  forgetOldEvents(isListed: (taskId: string) => boolean, nowMs: number): void {
    for (const [id, { atMs }] of this.#stated) {
      if (atMs + rememberForMs < nowMs && !isListed(id)) this.#stated.delete(id);
    }
  }
}
