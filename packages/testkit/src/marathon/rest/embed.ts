import type { App } from '../cluster/app.ts';
import type { HttpDialect } from '../dialects/dialect.ts';
import type { Json } from '../dialects/shared/json.ts';
import { toReadiness } from './readiness.ts';
import type { RestContext } from './rest-context.ts';
import { countTasks } from './task-counts.ts';

/** Parts of an app that are printed on demand. */
export interface Embed {
  readonly tasks: boolean;
  readonly counts: boolean;
  readonly deployments: boolean;
  readonly readiness: boolean;
  readonly lastTaskFailure: boolean;
}

/**
 * Reads the values of `embed`; unknown ones are ignored, and a list with commas is one unknown value (MS/api/v2/InfoEmbedResolver.scala). Up to
 * 0.10 only the first is read (MS/api/v2/AppsResource.scala).
 */
export function parseEmbed(http: HttpDialect, values: readonly string[], always: Partial<Embed> = {}): Embed {
  const names = http.embed === 'first' ? readFirst(values) : readAll(values);
  const tasks = names.has('tasks') || names.has('failures');
  return {
    tasks,
    counts: names.has('counts'),
    deployments: names.has('deployments') || tasks,
    readiness: names.has('readiness') && http.embedsReadiness,
    lastTaskFailure: names.has('lastTaskFailure') || names.has('failures'),
    ...always,
  };
}

function readFirst([value]: readonly string[]): ReadonlySet<string> {
  return new Set(value === 'apps.tasks' || value === 'apps.failures' ? [value.slice('apps.'.length)] : []);
}

function readAll(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.replace(/^(group\.apps\.|apps\.|app\.)/, '')));
}

/** An app with its embedded parts. */
export function toAppInfo({ cluster, dialect }: RestContext, app: App, embed: Embed): Json {
  const tasks = cluster.tasksOf(app.spec.id);
  const listed = tasks.filter(dialect.json.lists);
  const deployment = cluster.deployments.get(app.spec.id);
  return {
    ...dialect.json.toApp(app.spec),
    ...(embed.counts ? countTasks(dialect.rules.keepsInstances ? tasks : listed) : {}),
    ...(embed.deployments ? { deployments: deployment === undefined ? [] : [{ id: deployment.id }] } : {}),
    ...(embed.readiness ? { readinessCheckResults: toReadiness(tasks, deployment) } : {}),
    ...(embed.tasks ? { tasks: listed.map(dialect.json.toTask) } : {}),
    ...(embed.lastTaskFailure && app.lastTaskFailure !== undefined ? { lastTaskFailure: app.lastTaskFailure } : {}),
  };
}
