import { type AppSpec, servicePortsOf } from '../../cluster/app.ts';
import type { Task } from '../../cluster/task.ts';
import type { Dialect } from '../dialect.ts';
import { toAppBefore1_5 } from '../shared/app-before-1.5.ts';
import { toContainerBefore1_5 } from '../shared/container-before-1.5.ts';
import { toDeploymentBefore1_0 } from '../shared/deployment.ts';
import { describeTaskEvent, type TaskEventWriter } from '../shared/describe-task-event.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import { toResults, toResultWithoutCause } from '../shared/health-results.ts';
import { httpOf0_11 } from '../shared/http.ts';
import type { Json } from '../shared/json.ts';
import { listsBefore1_0 } from '../shared/lists.ts';
import { rulesOf0_8 } from '../shared/rules.ts';
import { toTaskBefore1_4 } from '../shared/task-before-1.4.ts';
import { toOldTaskState } from '../shared/task-state.ts';

/** Up to 0.10 `ports` of a bridged app are not its service ports: those are in the mappings only. */
export function toApp(spec: AppSpec): Json {
  return {
    ...toAppBefore1_5(spec, toHealthCheckBefore1_5),
    ports: spec.mode === 'host' ? servicePortsOf(spec) : [0],
    requirePorts: spec.requirePorts,
    container: toContainerBefore1_5(spec, { namesPorts: false }),
  };
}

/** A check that has no result yet stands in the list as `null` (up to 0.8.1, MS/api/v2/json/EnrichedTask.scala). */
function toTask(task: Task): Json {
  const awaited =
    task.condition === 'Running' && task.checks.length === 0 ? task.spec.healthChecks.map(() => null) : [];
  return {
    ...toTaskBefore1_4(task),
    ...(awaited.length > 0 ? { healthCheckResults: awaited } : toResults(task, toResultWithoutCause)),
  };
}

export const events: TaskEventWriter = {
  plan: { actionKey: 'type', writeApp: toApp },
  toApp,
  toHealthCheck: toHealthCheckBefore1_5,
  toState: toOldTaskState,
  tellsAddresses: false,
  tellsUnhealthyKills: false,
  tellsPlans: false,
};

/** Marathon 0.8: no event stream, no `state` in tasks. */
export const dialect: Dialect = {
  name: '0.8',
  version: '0.8.1',
  rules: rulesOf0_8,
  json: {
    toApp,
    toTask,
    lists: listsBefore1_0,
    toState: toOldTaskState,
    toDeployment: toDeploymentBefore1_0,
    groupFields: {},
  },
  http: { ...httpOf0_11, embed: 'first', announcesLeader: false },
  pods: undefined,
  stream: undefined,
  describeEvent: (event) => describeTaskEvent(event, events),
};
