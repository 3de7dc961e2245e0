import type { Cluster } from '../cluster/cluster.ts';
import { answerJson, answerMessage, type RestAnswer, type RestRequest } from './answer.ts';
import { toDeploymentJson } from './deployment-json.ts';
import { answerApp, answerApps } from './routes-apps.ts';
import { answerGroups } from './routes-groups.ts';
import { answerTasks, deleteTasks } from './routes-tasks.ts';

/** What the routes need to know of the node that answers. */
export interface RestContext {
  readonly cluster: Cluster;
  /** `host:port` of the leader. */
  readonly leader: string | undefined;
  /** Makes the leader step down. */
  readonly abdicate: () => void;
}

/** Answers a REST request as the leader of Marathon 1.10 does. Throws a `SimulatorError` for what cannot be granted. */
export function route(context: RestContext, request: RestRequest): RestAnswer {
  const { cluster } = context;
  const { method, path } = request;
  const is = (wantedMethod: string, wantedPath: string) => method === wantedMethod && path === wantedPath;

  if (path === '/v2/apps') return answerApps(cluster, request);
  if (path.startsWith('/v2/apps/')) return answerApp(cluster, request);
  if (is('GET', '/v2/tasks')) return answerTasks(cluster, request);
  if (is('POST', '/v2/tasks/delete')) return deleteTasks(cluster, request);
  if (method === 'GET' && (path === '/v2/groups' || path.startsWith('/v2/groups/'))) {
    return answerGroups(cluster, request);
  }
  if (is('GET', '/v2/deployments')) {
    return answerJson(
      200,
      [...cluster.deployments.values()].map((deployment) => toDeploymentJson(cluster, deployment)),
    );
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
  if (is('GET', '/v2/info')) return answerJson(200, toInfoJson(context.leader));
  if (is('GET', '/v2/queue')) return answerJson(200, { queue: [] });
  if (is('HEAD', '/v2/pods')) return { status: 200, contentType: 'text/plain', body: '' };
  // The simulator has no pods; an empty list is what a cluster without any answers.
  if (is('GET', '/v2/pods') || is('GET', '/v2/pods/::status')) return answerJson(200, []);
  if (method === 'GET' && path.startsWith('/v2/pods/')) {
    return answerMessage(404, `Pod '${path.slice('/v2/pods'.length).replace(/::status$/, '')}' does not exist`);
  }
  // 500, and not 404, since 1.6 (MS/api/MarathonExceptionMapper.scala).
  return answerMessage(500, 'URI not found');
}

function toInfoJson(leader: string | undefined): unknown {
  const [hostname, port] = leader?.split(/:(?=\d+$)/) ?? [];
  return {
    name: 'marathon',
    version: '1.10.26',
    buildref: 'unknown',
    elected: leader !== undefined,
    leader,
    frameworkId: '96d7da70-b731-4cfb-96a7-0ee877af615d-0000',
    marathon_config: {
      access_control_allow_origin: null,
      features: ['task_killing'],
      framework_name: 'marathon',
      ha: true,
      hostname,
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      local_port_min: 10_000,
      local_port_max: 20_000,
      master: 'zk://localhost:2181/mesos',
    },
    zookeeper_config: { zk: 'zk://localhost:2181/marathon', zk_max_versions: 50 },
    http_config: { http_port: Number(port), https_port: 8443 },
  };
}
