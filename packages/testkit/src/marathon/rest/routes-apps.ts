import type { App } from '../cluster/app.ts';
import { createApp, deleteApp, requireApp, restartApp, updateApp } from '../cluster/change-app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AppDefinition } from '../cluster/definition.ts';
import type { Deployment } from '../cluster/deployment.ts';
import { answerJson, answerMessage, parseBody, type RestAnswer, type RestRequest } from './answer.ts';
import { parseEmbed, toAppInfo } from './embed.ts';
import { parseLabelSelector } from './label-selector.ts';
import type { RestContext } from './rest-context.ts';
import { answerAppTasks, deleteAppTasks } from './routes-tasks.ts';
import { toChange } from './to-change.ts';
import { answerUnknownRoute } from './unknown-route.ts';

/** `/v2/apps`: the list, and the creation of an app. */
export function answerApps(context: RestContext, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  if (request.method === 'GET') {
    const embed = parseEmbed(dialect.http, request.query.getAll('embed'), { counts: true, deployments: true });
    const apps = searchApps(cluster, request.query);
    return answerJson(200, { apps: apps.map((app) => toAppInfo(context, app, embed)) });
  }
  if (request.method !== 'POST') return answerUnknownRoute(dialect.http, request.path);
  const definition = toDefinition(parseBody(request));
  createApp(cluster, definition, toChange(request));
  const app = requireApp(cluster, definition.id);
  const embed = parseEmbed(dialect.http, [], { counts: true, deployments: true, tasks: true });
  return answerJson(201, toAppInfo(context, app, embed), { Location: `/v2/apps${definition.id}` });
}

/** `/v2/apps/{id}` and everything below it. */
export function answerApp(context: RestContext, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  const { method } = request;
  const path = request.path.slice('/v2/apps'.length);

  const tasks = /^(.+)\/tasks(?:\/([^/]+))?$/.exec(path);
  if (tasks !== null) {
    if (method === 'GET') return answerAppTasks(context, tasks[1]!);
    if (method === 'DELETE') return deleteAppTasks(context, tasks[1]!, tasks[2], request);
  }
  const versions = /^(.+)\/versions(?:\/([^/]+))?$/.exec(path);
  if (versions !== null && method === 'GET')
    return answerVersions(context, requireApp(cluster, versions[1]!), versions[2]);

  const restart = /^(.+)\/restart$/.exec(path);
  if (restart !== null && method === 'POST') {
    return answerDeployment(restartApp(cluster, restart[1]!, toChange(request)));
  }

  switch (method) {
    case 'GET':
      return path.endsWith('/*') ? answerGroupApps(context, path, request) : answerOneApp(context, path, request);
    case 'PUT':
    case 'PATCH':
      return putApp(cluster, path, request);
    case 'DELETE':
      return answerDeployment(deleteApp(cluster, path, toChange(request)));
    default:
      return answerUnknownRoute(dialect.http, request.path);
  }
}

/** `id` and `cmd` are substrings in any case, `label` is a selector; all given ones must match. */
function searchApps(cluster: Cluster, query: URLSearchParams): App[] {
  const id = query.get('id')?.toLowerCase() ?? '';
  const command = query.get('cmd')?.toLowerCase();
  const label = query.get('label');
  const matchesLabels = label === null ? () => true : parseLabelSelector(label);
  return cluster
    .listApps()
    .filter(
      ({ spec }) =>
        spec.id.toLowerCase().includes(id) &&
        (command === undefined || spec.definition.cmd?.toLowerCase().includes(command)) &&
        matchesLabels(spec.labels),
    );
}

/** What the routes for one app and for one group show whatever is asked (`show` in MS/api/v2/AppsResource.scala). */
const shownAlways = { counts: true, deployments: true, tasks: true, lastTaskFailure: true };

function answerOneApp(context: RestContext, appId: string, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  const app = requireApp(cluster, appId);
  const embed = parseEmbed(dialect.http, request.query.getAll('embed'), shownAlways);
  return answerJson(200, { app: toAppInfo(context, app, embed) });
}

function answerGroupApps(context: RestContext, path: string, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  const embed = parseEmbed(dialect.http, request.query.getAll('embed'), shownAlways);
  const apps = cluster.listApps().filter((app) => app.spec.id.startsWith(path.slice(0, -1)));
  return answerJson(200, { '*': apps.map((app) => toAppInfo(context, app, embed)) });
}

function answerVersions({ dialect }: RestContext, app: App, version: string | undefined): RestAnswer {
  if (version === undefined) return answerJson(200, { versions: [...app.versions.keys()].reverse() });
  const spec = app.versions.get(version);
  return spec === undefined
    ? answerMessage(404, `App '${app.spec.id}' does not exist in version ${version}`)
    : answerJson(200, dialect.json.toApp(spec));
}

/** Changes an app, or creates it, as `PUT` does in Marathon. */
function putApp(cluster: Cluster, path: string, request: RestRequest): RestAnswer {
  const change = parseBody(request);
  const deployment = cluster.apps.has(path)
    ? updateApp(cluster, path, change, toChange(request))
    : createApp(cluster, toDefinition({ ...change, id: path }), toChange(request));
  return answerDeployment(deployment, cluster.apps.get(path)?.versions.size === 1 ? 201 : 200);
}

function answerDeployment(deployment: Deployment, status = 200): RestAnswer {
  const { id: deploymentId, version } = deployment;
  return answerJson(status, { version, deploymentId }, { 'Marathon-Deployment-Id': deploymentId });
}

function toDefinition(body: Record<string, unknown>): AppDefinition {
  const id = String(body.id ?? '');
  return { ...body, id: id.startsWith('/') ? id : `/${id}` };
}
