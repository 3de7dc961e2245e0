import { servicePortsOf } from '../cluster/app.ts';
import type { Task } from '../cluster/task.ts';
import type { RestAnswer } from './answer.ts';
import type { RestContext } from './rest-context.ts';

/** `GET /v2/tasks` with `Accept: text/plain`: a line per app and service port, with the running tasks (MS/api/EndpointsHelper.scala). */
export function answerTextTasks({ cluster }: RestContext): RestAnswer {
  const lines = cluster.listApps().flatMap(({ spec }) => {
    const name = spec.id.slice(1).replaceAll('/', '_');
    const running = cluster.tasksOf(spec.id).filter((task) => task.condition === 'Running');
    const servicePorts = servicePortsOf(spec);
    if (servicePorts.length === 0) return `${[name, ' ', ...running.map(hostOf)].join('\t')}\n`;
    return servicePorts.map((servicePort, index) => {
      const places = running.map((task) => `${hostOf(task)}:${task.ports[index] ?? 0}`);
      return `${[name, servicePort, ...places].join('\t')}\t\n`;
    });
  });
  return { status: 200, contentType: 'text/plain', body: lines.join('') };
}

function hostOf(task: Task): string {
  return task.agent?.address ?? '';
}
