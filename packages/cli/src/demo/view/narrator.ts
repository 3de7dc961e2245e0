import { performance } from 'node:perf_hooks';
import { messageOf, type PipelineEvent, type PlannedChange } from '@signalbox/core';
import { count } from '../../output/text.ts';
import { describeFailure, type Verdict } from '../load/judge.ts';
import type { Request } from '../load/target.ts';
import type { TaskEvent } from '../measure/task-event.ts';
import type { HappeningKind } from './happening.ts';
import type { View } from './view.ts';

const shownFailures = 20;

/** Tells what happens in the words of the demo. */
export class Narrator {
  readonly startedAtMs = performance.now();
  #view: View;
  readonly #lastKinds = new Map<string, TaskEvent['kind']>();
  #failures = 0;

  constructor(view: View) {
    this.#view = view;
  }

  /** From now on another view is told. */
  turnTo(view: View): void {
    this.#view = view;
  }

  tell(kind: HappeningKind, text: string): void {
    this.#view.tell({ atMs: performance.now() - this.startedAtMs, kind, text });
  }

  onTask({ task, app, kind }: TaskEvent): void {
    // Marathon says again that a task runs when Mesos gives a verdict on its health.
    if (this.#lastKinds.get(task) === kind) return;
    if (kind === 'ended') this.#lastKinds.delete(task);
    else this.#lastKinds.set(task, kind);
    const words = { running: 'runs', ending: 'is asked to end', ended: 'has ended', unreachable: 'is unreachable' };
    this.tell('marathon', `${app} task ${shortTask(task)} ${words[kind]}`);
  }

  onPipelineEvent(event: PipelineEvent): void {
    if (event.type === 'source-error') {
      this.tell('source', messageOf(event.error));
    } else if (event.type === 'sink-error') {
      this.tell('failure', `${event.phase}: ${messageOf(event.error)}`);
    } else if (event.type === 'guard-hold') {
      this.tell('source', `held back: ${event.hold.reason}`);
    } else if (event.type === 'sink-apply') {
      const reloads = event.changes.some(({ action }) => action === 'reload');
      this.tell(reloads ? 'reload' : 'runtime', describeApply(event.changes, event.durationMs));
    }
  }

  onRequest(record: Request, verdict: Verdict): void {
    if (verdict === 'answered') return;
    this.#failures += 1;
    if (this.#failures > shownFailures) return;
    const end = this.#failures === shownFailures ? '; further ones are only counted' : '';
    this.tell(verdict === 'cut-off' ? 'cut off' : 'failure', `${describeFailure(record)}${end}`);
  }
}

/** What was done first, for whom, and how long all of it took. */
function describeApply(changes: readonly PlannedChange[], durationMs: number): string {
  const reload = changes.find(({ action }) => action === 'reload');
  const first = reload ?? changes[0];
  const names = [...new Set(changes.flatMap(({ services }) => services.map(nameOf)))];
  const whom = reload !== undefined || names.length === 0 ? '' : `${names.join(', ')}: `;
  const rest = changes.length > 1 ? `, and ${count(changes.length - 1, 'more change')}` : '';
  return `${whom}${first?.summary ?? 'nothing'}${rest} (${Math.ceil(durationMs)} ms)`;
}

/** `/shop/web`, from `marathon:/shop/web#http`. */
function nameOf(serviceId: string): string {
  return /^[^:]*:(.*)#[^#]*$/.exec(serviceId)?.[1] ?? serviceId;
}

/** Enough of a task's id to tell it from the others. */
function shortTask(task: string): string {
  return /instance-([0-9a-f]{4})/.exec(task)?.[1] ?? task;
}
