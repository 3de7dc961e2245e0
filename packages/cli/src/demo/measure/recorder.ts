import { performance } from 'node:perf_hooks';
import type { Catalog, PipelineEvent, SourceHealth } from '@signalbox/core';
import { describeFailure, judge, type SuddenDeath, type Verdict } from '../load/judge.ts';
import type { Request } from '../load/target.ts';
import type { Outcome, RequestTotals } from './outcome.ts';
import { Tally } from './tally.ts';
import type { TaskEvent } from './task-event.ts';
import { summarizeDelays, TaskTimes } from './task-times.ts';

/** Writes down what clients, Marathon and the pipeline saw, for each act and for the whole run. */
export class Recorder {
  readonly #run = new Tally(performance.now());
  readonly #perApp = new Map<string, Tally>();
  readonly #times = new TaskTimes();
  /** App of each task that Marathon ever spoke of, or that was there before. */
  readonly #appOf = new Map<string, string>();
  readonly #deaths: SuddenDeath[] = [];
  #act = this.#run;
  #endpoints: ReadonlySet<string> = new Set();

  /** Counts from now on belong to a new act. */
  beginAct(): void {
    this.#act = new Tally(performance.now());
  }

  /** Of the act that is going on. */
  actOutcome(): Outcome {
    return this.#outcome(this.#act);
  }

  runOutcome(): Outcome {
    return this.#outcome(this.#run);
  }

  requestsOf(app: string): RequestTotals {
    return (this.#perApp.get(app) ?? new Tally(0)).requests;
  }

  /** Tasks that were there before anybody listened. */
  knows(task: string, app: string): void {
    this.#appOf.set(task, app);
  }

  /** Tasks of this act which run and have not answered yet. */
  waitingTasks(): readonly string[] {
    return this.#times.waiting(this.#act.startedAtMs);
  }

  onRequest(record: Request): Verdict {
    const { target, task, endedAtMs } = record;
    const verdict = judge(record, (id) => this.#appOf.get(id) === target.app, this.#deaths);
    for (const tally of this.#tallies(target.app)) tally.count(verdict, () => describeFailure(record));
    if (verdict === 'answered' && task !== undefined) this.#times.answered(task, target.app, endedAtMs);
    return verdict;
  }

  onTask({ task, app, kind }: TaskEvent): void {
    const atMs = performance.now();
    this.#appOf.set(task, app);
    if (kind === 'running') this.#times.started(task, app, atMs);
    if (kind === 'ending') this.#times.ending(task, app, atMs);
    if (kind === 'ended' || kind === 'unreachable') this.#times.gone(task);
  }

  /** To be called at the moment at which a task is ended without notice, before anything else can happen. */
  onSuddenDeath(app: string): void {
    this.#deaths.push({ app, atMs: performance.now() });
  }

  /** To be called when Marathon can be asked again after it could not: arrivals are measured from there. */
  onMarathonBack(): void {
    this.#times.marathonIsBack(performance.now());
  }

  onOverdue(what: string): void {
    for (const { overdue } of this.#tallies()) overdue.push(what);
  }

  onPipelineEvent(event: PipelineEvent, health: SourceHealth): void {
    for (const { sourceHealths } of [this.#run, this.#act]) sourceHealths.add(health);
    if (event.type === 'sink-apply') this.#countApply(event.changes.some(({ action }) => action === 'reload'));
    if (event.type === 'catalog-change') this.#countLosses(event.catalog, health);
  }

  #countApply(reloaded: boolean): void {
    for (const tally of this.#tallies()) {
      if (reloaded) tally.reloads += 1;
      else tally.runtimeApplies += 1;
    }
  }

  #countLosses(catalog: Catalog, health: SourceHealth): void {
    const before = this.#endpoints;
    this.#endpoints = new Set(
      [...catalog.services.values()].flatMap(({ id, endpoints }) =>
        endpoints.map((endpoint) => `${id} ${endpoint.id}`),
      ),
    );
    if (health === 'fresh') return;
    const lost = [...before].filter((endpoint) => !this.#endpoints.has(endpoint)).length;
    for (const tally of this.#tallies()) tally.lostWhileStale += lost;
  }

  #tallies(app?: string): Iterable<Tally> {
    const tallies = new Set([this.#run, this.#act]);
    if (app === undefined) return tallies;
    const own = this.#perApp.get(app) ?? new Tally(performance.now());
    this.#perApp.set(app, own);
    return tallies.add(own);
  }

  #outcome(tally: Tally): Outcome {
    const { startedAtMs, requests, failures, reloads, runtimeApplies, lostWhileStale, sourceHealths, overdue } = tally;
    return {
      durationMs: performance.now() - startedAtMs,
      requests,
      failures,
      reloads,
      runtimeApplies,
      lostWhileStale,
      sourceHealths: new Set(sourceHealths),
      overdue: [...overdue],
      arrivals: summarizeDelays(this.#times.arrivals(startedAtMs)),
      departures: summarizeDelays(this.#times.departures(startedAtMs)),
      unheard: this.#times.waiting(startedAtMs),
    };
  }
}
