import type { App } from '../cluster/app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { toAppJson } from './app-json.ts';
import { toReadinessJson } from './deployment-json.ts';
import type { Json } from './json.ts';
import { countTasks, listedTasks, toTaskJson } from './task-json.ts';

/** Parts of an app that are printed on demand. */
export interface Embed {
  readonly tasks: boolean;
  readonly counts: boolean;
  readonly deployments: boolean;
  readonly readiness: boolean;
  readonly lastTaskFailure: boolean;
}

/** Reads the values of `embed`; unknown ones are ignored, and a list with commas is one unknown value (MS/api/v2/InfoEmbedResolver.scala). */
export function parseEmbed(values: readonly string[], always: Partial<Embed> = {}): Embed {
  const names = new Set(values.map((value) => value.replace(/^(group\.apps\.|apps\.|app\.)/, '')));
  const tasks = names.has('tasks') || names.has('failures');
  return {
    tasks,
    counts: names.has('counts'),
    deployments: names.has('deployments') || tasks,
    readiness: names.has('readiness'),
    lastTaskFailure: names.has('lastTaskFailure') || names.has('failures'),
    ...always,
  };
}

/** An app with its embedded parts. */
export function toAppInfoJson(cluster: Cluster, app: App, embed: Embed): Json {
  const tasks = cluster.tasksOf(app.spec.id);
  const deployment = cluster.deployments.get(app.spec.id);
  return {
    ...toAppJson(app.spec),
    ...(embed.counts ? countTasks(tasks) : {}),
    ...(embed.deployments ? { deployments: deployment === undefined ? [] : [{ id: deployment.id }] } : {}),
    ...(embed.readiness ? { readinessCheckResults: toReadinessJson(tasks, deployment) } : {}),
    ...(embed.tasks ? { tasks: listedTasks(tasks).map((task) => toTaskJson(task)) } : {}),
    ...(embed.lastTaskFailure && app.lastTaskFailure !== undefined ? { lastTaskFailure: app.lastTaskFailure } : {}),
  };
}
