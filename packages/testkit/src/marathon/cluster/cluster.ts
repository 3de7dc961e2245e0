import type { SimulatorTiming } from '../options.ts';
import type { Agent } from './agents.ts';
import type { App } from './app.ts';
import type { Clock } from './clock.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { ClusterRules } from './cluster-rules.ts';
import type { Deployment } from './deployment.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Task } from './task.ts';
import { instanceIdOf, taskIdOf } from './task-id.ts';
import type { TaskLauncher } from './task-process.ts';

export interface ClusterSettings {
  readonly timing: SimulatorTiming;
  readonly rules: ClusterRules;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly agents: readonly Agent[];
  readonly launcher: TaskLauncher;
  readonly random: { readonly ids: Random; readonly placement: Random; readonly timing: Random };
  /** Told of every event, in order. */
  readonly publish: (event: ClusterEvent) => void;
  /** Brings an app closer to what is wanted; called after every change of it. */
  readonly reconcile: (cluster: Cluster, appId: string) => void;
}

/** The state of the cluster, and nothing of how it is written to clients. */
export class Cluster {
  readonly settings: ClusterSettings;
  /** Apps and pods by their ids; `spec.pod` tells which are pods. */
  readonly apps = new Map<string, App>();
  /** By the id of their app, which has one at most. */
  readonly deployments = new Map<string, Deployment>();
  readonly #tasksByApp = new Map<string, Map<string, Task>>();
  readonly #dirty = new Set<string>();
  #order = 0;

  constructor(settings: ClusterSettings) {
    this.settings = settings;
  }

  listApps(): App[] {
    return [...this.apps.values()].filter((app) => app.spec.pod === undefined);
  }

  listPods(): App[] {
    return [...this.apps.values()].filter((app) => app.spec.pod !== undefined);
  }

  publish(event: ClusterEvent): void {
    this.settings.publish(event);
  }

  /** Looks at an app again as soon as the present action is done; several requests are one. */
  touch(appId: string): void {
    if (this.#dirty.has(appId)) return;
    this.#dirty.add(appId);
    this.settings.scheduler.after(0, () => {
      this.#dirty.delete(appId);
      this.settings.reconcile(this, appId);
    });
  }

  /** The number of the next launch. */
  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  /** A duration with its random share. */
  jitter(durationMs: number): number {
    return durationMs + this.settings.random.timing.next() * this.settings.timing.jitterMs;
  }

  /** Schedules something for a task, unless the task ends before. */
  later(task: Task, delayMs: number, action: () => void | Promise<void>): void {
    const cancel = this.settings.scheduler.after(delayMs, () => {
      task.pending.delete(cancel);
      return action();
    });
    task.pending.add(cancel);
  }

  /** In order of launch. */
  tasksOf(appId: string): Task[] {
    return [...(this.#tasksByApp.get(appId)?.values() ?? [])];
  }

  allTasks(): Task[] {
    return [...this.#tasksByApp.values()].flatMap((tasks) => [...tasks.values()]);
  }

  /** The first task that matches; cheaper than to look through a list of all. */
  someTask(matches: (task: Task) => boolean): Task | undefined {
    for (const tasks of this.#tasksByApp.values()) {
      for (const task of tasks.values()) if (matches(task)) return task;
    }
    return undefined;
  }

  hasTask(task: Task): boolean {
    return this.#tasksByApp.get(task.spec.id)?.get(task.instanceId) === task;
  }

  findTask(taskId: string): Task | undefined {
    const instanceId = instanceIdOf(taskId);
    for (const tasks of this.#tasksByApp.values()) {
      const task = tasks.get(instanceId);
      if (task !== undefined && taskIdOf(task) === taskId) return task;
    }
    return undefined;
  }

  addTask(task: Task): void {
    const tasks = this.#tasksByApp.get(task.spec.id) ?? new Map<string, Task>();
    tasks.set(task.instanceId, task);
    this.#tasksByApp.set(task.spec.id, tasks);
  }

  removeTask(task: Task): void {
    const tasks = this.#tasksByApp.get(task.spec.id);
    tasks?.delete(task.instanceId);
    if (tasks?.size === 0) this.#tasksByApp.delete(task.spec.id);
  }
}
