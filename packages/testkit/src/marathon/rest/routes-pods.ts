import type { App } from '../cluster/app.ts';
import { createPod, deletePod, replacePod, requirePod } from '../cluster/change-pod.ts';
import type { Deployment } from '../cluster/deployment.ts';
import type { PodDefinition } from '../cluster/pod-definition.ts';
import type { PodDialect } from '../dialects/dialect.ts';
import type { Json } from '../dialects/shared/json.ts';
import { answerJson, answerMessage, parseBody, type RestAnswer, type RestRequest } from './answer.ts';
import type { RestContext } from './rest-context.ts';
import { toChange } from './to-change.ts';
import { answerUnknownRoute } from './unknown-route.ts';

/** `/v2/pods` and everything below it (MS/api/v2/PodsResource.scala). */
export function answerPods(context: RestContext, pods: PodDialect, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  const { method } = request;
  const path = request.path.slice('/v2/pods'.length);
  if (path === '') {
    if (method === 'HEAD') return { status: 200, contentType: 'text/plain', body: '' };
    if (method === 'GET')
      return answerJson(
        200,
        cluster.listPods().map(({ spec }) => pods.toPod(spec)),
      );
    if (method === 'POST') return postPod(context, pods, request);
    return answerUnknownRoute(dialect.http, request.path);
  }
  if (method === 'GET') {
    const [, podId = '', selector = '', version] = /^(.*?)(?:::(status|versions)(?:\/([^/]+))?)?$/.exec(path) ?? [];
    if (selector === 'status') return answerStatus(context, pods, podId);
    const pod = requirePod(cluster, podId);
    if (selector === 'versions') return answerVersions(pods, pod, version);
    return answerJson(200, pods.toPod(pod.spec));
  }
  if (method === 'PUT')
    return answerChange(context, pods, replacePod(cluster, toDefinition(request, path), toChange(request)), 200);
  if (method === 'DELETE') return answerDeletion(deletePod(cluster, path, toChange(request)));
  return answerUnknownRoute(dialect.http, request.path);
}

export function toPodInfo({ cluster }: RestContext, pods: PodDialect, pod: App): Json {
  return pods.toStatus(pod.spec, cluster.tasksOf(pod.spec.id), cluster.settings.clock.timestamp());
}

function answerStatus(context: RestContext, pods: PodDialect, podId: string): RestAnswer {
  const { cluster } = context;
  return podId === '/'
    ? answerJson(
        200,
        cluster.listPods().map((pod) => toPodInfo(context, pods, pod)),
      )
    : answerJson(200, toPodInfo(context, pods, requirePod(cluster, podId)));
}

function answerVersions(pods: PodDialect, { spec, versions }: App, version: string | undefined): RestAnswer {
  if (version === undefined) return answerJson(200, [...versions.keys()].reverse());
  const stored = versions.get(version);
  return stored === undefined
    ? answerMessage(404, `Pod '${spec.id}' does not exist in version ${version}`)
    : answerJson(200, pods.toPod(stored));
}

function postPod(context: RestContext, pods: PodDialect, request: RestRequest): RestAnswer {
  const { id = '' } = parseBody(request);
  const pod = toDefinition(request, String(id).startsWith('/') ? String(id) : `/${id}`);
  const deployment = createPod(context.cluster, pod, toChange(request));
  return answerChange(context, pods, deployment, 201, { Location: `/v2/pods${pod.id}` });
}

function toDefinition(request: RestRequest, id: string): PodDefinition {
  const { version: _, ...pod } = parseBody(request);
  return { ...pod, id } as unknown as PodDefinition;
}

function answerChange(
  { cluster }: RestContext,
  pods: PodDialect,
  deployment: Deployment,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): RestAnswer {
  const pod = pods.toPod(requirePod(cluster, deployment.appId).spec);
  return answerJson(status, pod, { ...headers, 'Marathon-Deployment-Id': deployment.id });
}

function answerDeletion({ id }: Deployment): RestAnswer {
  return { status: 202, headers: { 'Marathon-Deployment-Id': id }, contentType: 'application/json', body: '' };
}
