import type { App } from '../cluster/app.ts';
import { type ChangeRequest, createApp, deleteApp, requireApp, restartApp, updateApp } from '../cluster/change-app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AppDefinition } from '../cluster/definition.ts';
import type { Deployment } from '../cluster/deployment.ts';
import { answerJson, answerMessage, parseBody, type RestAnswer, type RestRequest } from './answer.ts';
import { toAppJson } from './app-json.ts';
import { parseEmbed, toAppInfoJson } from './embed.ts';
import { parseLabelSelector } from './label-selector.ts';
import { answerAppTasks, deleteAppTasks } from './routes-tasks.ts';

/** `/v2/apps`: the list, and the creation of an app. */
export function answerApps(cluster: Cluster, request: RestRequest): RestAnswer {
  if (request.method === 'GET') {
    const embed = parseEmbed(request.query.getAll('embed'), { counts: true, deployments: true });
    const apps = searchApps(cluster, request.query);
    return answerJson(200, { apps: apps.map((app) => toAppInfoJson(cluster, app, embed)) });
  }
  if (request.method !== 'POST') return answerMessage(500, 'URI not found');
  const definition = toDefinition(parseBody(request));
  createApp(cluster, definition, toChange(request));
  const app = requireApp(cluster, definition.id);
  const embed = parseEmbed([], { counts: true, deployments: true, tasks: true });
  return answerJson(201, toAppInfoJson(cluster, app, embed), { Location: `/v2/apps${definition.id}` });
}

/** `/v2/apps/{id}` and everything below it. */
export function answerApp(cluster: Cluster, request: RestRequest): RestAnswer {
  const { method } = request;
  const path = request.path.slice('/v2/apps'.length);

  const tasks = /^(.+)\/tasks(?:\/([^/]+))?$/.exec(path);
  if (tasks !== null) {
    if (method === 'GET') return answerAppTasks(cluster, tasks[1]!);
    if (method === 'DELETE') return deleteAppTasks(cluster, tasks[1]!, tasks[2], request);
  }
  const versions = /^(.+)\/versions(?:\/([^/]+))?$/.exec(path);
  if (versions !== null && method === 'GET') return answerVersions(requireApp(cluster, versions[1]!), versions[2]);

  const restart = /^(.+)\/restart$/.exec(path);
  if (restart !== null && method === 'POST') {
    return answerDeployment(restartApp(cluster, restart[1]!, toChange(request)));
  }

  switch (method) {
    case 'GET':
      return path.endsWith('/*') ? answerGroupApps(cluster, path, request) : answerOneApp(cluster, path, request);
    case 'PUT':
    case 'PATCH':
      return putApp(cluster, path, request);
    case 'DELETE':
      return answerDeployment(deleteApp(cluster, path, toChange(request)));
    default:
      return answerMessage(500, 'URI not found');
  }
}

/** `id` and `cmd` are substrings in any case, `label` is a selector; all given ones must match. */
function searchApps(cluster: Cluster, query: URLSearchParams): App[] {
  const id = query.get('id')?.toLowerCase() ?? '';
  const command = query.get('cmd')?.toLowerCase();
  const label = query.get('label');
  const matchesLabels = label === null ? () => true : parseLabelSelector(label);
  return [...cluster.apps.values()].filter(
    ({ spec }) =>
      spec.id.toLowerCase().includes(id) &&
      (command === undefined || spec.definition.cmd?.toLowerCase().includes(command)) &&
      matchesLabels(spec.labels),
  );
}

/** What the routes for one app and for one group show whatever is asked (`show` in MS/api/v2/AppsResource.scala). */
const shownAlways = { counts: true, deployments: true, tasks: true, lastTaskFailure: true };

function answerOneApp(cluster: Cluster, appId: string, request: RestRequest): RestAnswer {
  const app = requireApp(cluster, appId);
  const embed = parseEmbed(request.query.getAll('embed'), shownAlways);
  return answerJson(200, { app: toAppInfoJson(cluster, app, embed) });
}

function answerGroupApps(cluster: Cluster, path: string, request: RestRequest): RestAnswer {
  const embed = parseEmbed(request.query.getAll('embed'), shownAlways);
  const apps = [...cluster.apps.values()].filter((app) => app.spec.id.startsWith(path.slice(0, -1)));
  return answerJson(200, { '*': apps.map((app) => toAppInfoJson(cluster, app, embed)) });
}

function answerVersions(app: App, version: string | undefined): RestAnswer {
  if (version === undefined) return answerJson(200, { versions: [...app.versions.keys()].reverse() });
  const spec = app.versions.get(version);
  return spec === undefined
    ? answerMessage(404, `App '${app.spec.id}' does not exist in version ${version}`)
    : answerJson(200, toAppJson(spec));
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

function toChange(request: RestRequest): ChangeRequest {
  return { clientIp: request.clientIp, uri: request.path, force: request.query.get('force') === 'true' };
}
