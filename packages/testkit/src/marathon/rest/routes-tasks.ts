import { servicePortsOf } from '../cluster/app.ts';
import { requireApp, updateApp } from '../cluster/change-app.ts';
import { killTask } from '../cluster/kill-task.ts';
import type { Task } from '../cluster/task.ts';
import { taskIdOf } from '../cluster/task-id.ts';
import { SimulatorError } from '../error.ts';
import { answerJson, parseBody, type RestAnswer, type RestRequest } from './answer.ts';
import type { RestContext } from './rest-context.ts';
import { answerTextTasks } from './text-tasks.ts';

/** `GET /v2/tasks`: the only place with service ports in the tasks. */
export function answerTasks(context: RestContext, request: RestRequest): RestAnswer {
  const { cluster, dialect } = context;
  if (request.accept === 'text/plain') {
    if (dialect.http.textTasks) return answerTextTasks(context);
    // Off by default in 1.10 (MS/DeprecatedFeatures.scala).
    const body = JSON.stringify('The text/plain output is deprecated. It can be enabled via text_plain_tasks.');
    return { status: 406, contentType: 'text/plain', body };
  }
  const wanted = [...request.query.getAll('status'), ...request.query.getAll('status[]')].flatMap((status) =>
    status === 'running' ? 'Running' : status === 'staging' ? 'Staging' : [],
  );
  const tasks = cluster
    .allTasks()
    .filter(
      (task) =>
        task.spec.pod === undefined &&
        dialect.json.lists(task) &&
        (wanted.length === 0 || wanted.includes(task.condition as 'Running' | 'Staging')),
    );
  return answerJson(200, { tasks: tasks.map((task) => withServicePorts(context, task)) });
}

/** `GET /v2/apps/{id}/tasks`, where the id may end in `/*`. */
export function answerAppTasks({ cluster, dialect }: RestContext, appId: string): RestAnswer {
  const { lists, toTask } = dialect.json;
  if (appId.endsWith('/*')) {
    const tasks = cluster
      .allTasks()
      .filter(({ spec }) => spec.pod === undefined && spec.id.startsWith(appId.slice(0, -1)));
    return answerJson(200, { tasks: tasks.filter(lists).map(toTask) });
  }
  requireApp(cluster, appId);
  return answerJson(200, { tasks: cluster.tasksOf(appId).filter(lists).map(toTask) });
}

/** `DELETE /v2/apps/{id}/tasks[/{task}]`: kills, and with `scale=true` also scales the app down. */
export function deleteAppTasks(
  { cluster, dialect }: RestContext,
  appId: string,
  taskId: string | undefined,
  request: RestRequest,
): RestAnswer {
  const app = requireApp(cluster, appId);
  const tasks = cluster.tasksOf(appId).filter((task) => taskId === undefined || taskIdOf(task) === taskId);
  if (taskId !== undefined && tasks.length === 0) {
    throw new SimulatorError('TASK_UNKNOWN', `Task '${taskId}' does not exist`);
  }
  const written = tasks.map(dialect.json.toTask);
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
export function deleteTasks({ cluster, dialect }: RestContext, request: RestRequest): RestAnswer {
  const { ids } = parseBody(request);
  if (!Array.isArray(ids)) throw new SimulatorError('REQUEST_INVALID', 'Invalid JSON');
  const tasks = ids.flatMap((id) => cluster.findTask(String(id)) ?? []);
  const written = tasks.map(dialect.json.toTask);
  for (const task of tasks) killTask(cluster, task);
  return answerJson(200, { tasks: written });
}

function withServicePorts({ cluster, dialect }: RestContext, task: Task): unknown {
  const spec = cluster.apps.get(task.spec.id)?.spec;
  return { ...dialect.json.toTask(task), servicePorts: spec === undefined ? [] : servicePortsOf(spec) };
}
