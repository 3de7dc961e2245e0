import { servicePortsOf } from '../cluster/app.ts';
import { requireApp, updateApp } from '../cluster/change-app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { killTask } from '../cluster/kill-task.ts';
import { type Task, taskIdOf } from '../cluster/task.ts';
import { SimulatorError } from '../error.ts';
import { answerJson, parseBody, type RestAnswer, type RestRequest } from './answer.ts';
import { listedTasks, toTaskJson } from './task-json.ts';

/** `GET /v2/tasks`: the only place with service ports in the tasks. */
export function answerTasks(cluster: Cluster, request: RestRequest): RestAnswer {
  if (request.accept === 'text/plain') {
    // Off by default in 1.10 (MS/DeprecatedFeatures.scala).
    const body = JSON.stringify('The text/plain output is deprecated. It can be enabled via text_plain_tasks.');
    return { status: 406, contentType: 'text/plain', body };
  }
  const wanted = [...request.query.getAll('status'), ...request.query.getAll('status[]')].flatMap((status) =>
    status === 'running' ? 'Running' : status === 'staging' ? 'Staging' : [],
  );
  const tasks = listedTasks(cluster.allTasks()).filter(
    (task) => wanted.length === 0 || wanted.includes(task.condition as 'Running' | 'Staging'),
  );
  return answerJson(200, { tasks: tasks.map((task) => withServicePorts(cluster, task)) });
}

/** `GET /v2/apps/{id}/tasks`, where the id may end in `/*`. */
export function answerAppTasks(cluster: Cluster, appId: string): RestAnswer {
  if (appId.endsWith('/*')) {
    const tasks = cluster.allTasks().filter((task) => task.spec.id.startsWith(appId.slice(0, -1)));
    return answerJson(200, { tasks: listedTasks(tasks).map((task) => toTaskJson(task)) });
  }
  requireApp(cluster, appId);
  return answerJson(200, { tasks: listedTasks(cluster.tasksOf(appId)).map((task) => toTaskJson(task)) });
}

/** `DELETE /v2/apps/{id}/tasks[/{task}]`: kills, and with `scale=true` also scales the app down. */
export function deleteAppTasks(
  cluster: Cluster,
  appId: string,
  taskId: string | undefined,
  request: RestRequest,
): RestAnswer {
  const app = requireApp(cluster, appId);
  const tasks = cluster.tasksOf(appId).filter((task) => taskId === undefined || taskIdOf(task) === taskId);
  if (taskId !== undefined && tasks.length === 0) {
    throw new SimulatorError('TASK_UNKNOWN', `Task '${taskId}' does not exist`);
  }
  const written = tasks.map((task) => toTaskJson(task));
  for (const task of tasks) killTask(cluster, task);
  if (request.query.get('scale') === 'true') {
    const { clientIp, path: uri } = request;
    const instances = Math.max(0, app.spec.instances - tasks.length);
    const { version, id } = updateApp(cluster, appId, { instances }, { clientIp, uri, force: true });
    return answerJson(200, { version, deploymentId: id });
  }
  return answerJson(200, taskId === undefined ? { tasks: written } : { task: written[0] });
}

/** `POST /v2/tasks/delete` with `{"ids": […]}`. */
export function deleteTasks(cluster: Cluster, request: RestRequest): RestAnswer {
  const { ids } = parseBody(request);
  if (!Array.isArray(ids)) throw new SimulatorError('REQUEST_INVALID', 'Invalid JSON');
  const tasks = ids.flatMap((id) => cluster.findTask(String(id)) ?? []);
  const written = tasks.map((task) => toTaskJson(task));
  for (const task of tasks) killTask(cluster, task);
  return answerJson(200, { tasks: written });
}

function withServicePorts(cluster: Cluster, task: Task): unknown {
  const spec = cluster.apps.get(task.spec.id)?.spec;
  return toTaskJson(task, { servicePorts: spec === undefined ? [] : servicePortsOf(spec) });
}
