import { type AppSpec, servicePortsOf } from '../../cluster/app.ts';
import type { Task } from '../../cluster/task.ts';
import { dialect as dialectOf0_9, events as eventsOf0_9 } from '../0.9/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { toAppBefore1_5 } from '../shared/app-before-1.5.ts';
import { toContainerBefore1_5 } from '../shared/container-before-1.5.ts';
import { describeTaskEvent, type TaskEventWriter } from '../shared/describe-task-event.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import { toResults, toResultWithoutCause } from '../shared/health-results.ts';
import { httpOf0_11 } from '../shared/http.ts';
import type { Json } from '../shared/json.ts';
import { streamOf0_11 } from '../shared/stream.ts';
import { toTaskBefore1_4 } from '../shared/task-before-1.4.ts';

/** From here to 1.4 `ports` are the service ports in every mode. */
function toApp(spec: AppSpec): Json {
  return {
    ...toAppBefore1_5(spec, toHealthCheckBefore1_5),
    ports: servicePortsOf(spec),
    requirePorts: spec.requirePorts,
    container: toContainerBefore1_5(spec, { namesPorts: false }),
    acceptedResourceRoles: spec.definition.acceptedResourceRoles ?? null,
    versionInfo: spec.versionInfo,
  };
}

function toTask(task: Task): Json {
  return { ...toTaskBefore1_4(task), slaveId: task.agent?.id, ...toResults(task, toResultWithoutCause) };
}

const events: TaskEventWriter = { ...eventsOf0_9, plan: { actionKey: 'type', writeApp: toApp }, toApp };

/** Marathon 0.11: `slaveId`, `versionInfo`, several values of `embed`, and the `event:` line. */
export const dialect: Dialect = {
  ...dialectOf0_9,
  name: '0.11',
  version: '0.11.1',
  json: { ...dialectOf0_9.json, toApp, toTask },
  http: httpOf0_11,
  stream: streamOf0_11,
  describeEvent: (event) => describeTaskEvent(event, events),
};
