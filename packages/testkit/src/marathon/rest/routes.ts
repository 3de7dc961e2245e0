import { answerJson, answerMessage, type RestAnswer, type RestRequest } from './answer.ts';
import { toInfo } from './info.ts';
import { toReadiness } from './readiness.ts';
import type { RestContext } from './rest-context.ts';
import { answerApp, answerApps } from './routes-apps.ts';
import { answerGroups } from './routes-groups.ts';
import { answerPods } from './routes-pods.ts';
import { answerTasks, deleteTasks } from './routes-tasks.ts';
import { answerUnknownRoute } from './unknown-route.ts';

/** Answers a REST request as the leader does. Throws a `SimulatorError` for what cannot be granted. */
export function route(context: RestContext, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  const { method, path } = request;
  const is = (wantedMethod: string, wantedPath: string) => method === wantedMethod && path === wantedPath;

  if (path === '/v2/apps') return answerApps(context, request);
  if (path.startsWith('/v2/apps/')) return answerApp(context, request);
  if (is('GET', '/v2/tasks')) return answerTasks(context, request);
  if (is('POST', '/v2/tasks/delete')) return deleteTasks(context, request);
  if (method === 'GET' && (path === '/v2/groups' || path.startsWith('/v2/groups/'))) {
    return answerGroups(context, request);
  }
  if (is('GET', '/v2/deployments')) {
    const deployments = [...cluster.deployments.values()].map((deployment) =>
      dialect.json.toDeployment(deployment, toReadiness(cluster.tasksOf(deployment.appId), deployment)),
    );
    return answerJson(200, deployments);
  }
  if (is('GET', '/v2/leader')) {
    return context.leader === undefined
      ? answerMessage(404, 'There is no leader')
      : answerJson(200, { leader: context.leader });
  }
  if (is('DELETE', '/v2/leader')) {
    context.abdicate();
    return answerMessage(200, 'Leadership abdicated');
  }
  if (is('GET', '/v2/info')) return answerJson(200, toInfo(context));
  if (is('GET', '/v2/queue')) return answerJson(200, { queue: [] });
  if (dialect.pods !== undefined && (path === '/v2/pods' || path.startsWith('/v2/pods/'))) {
    return answerPods(context, dialect.pods, request);
  }
  return answerUnknownRoute(dialect.http, path);
}
