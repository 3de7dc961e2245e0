import { isPlaced, type Task } from '../../cluster/task.ts';
import type { Dialect } from '../dialect.ts';
import { toAddresses } from '../shared/addresses.ts';
import { toDeploymentSince1_0 } from '../shared/deployment.ts';
import { describeTaskEvent, type TaskEventWriter } from '../shared/describe-task-event.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import { toResults, toTaskResult } from '../shared/health-results.ts';
import { httpOf0_11 } from '../shared/http.ts';
import type { Json } from '../shared/json.ts';
import { rulesOf1_1 } from '../shared/rules.ts';
import { streamOf0_11 } from '../shared/stream.ts';
import { toTaskBefore1_4 } from '../shared/task-before-1.4.ts';
import { toOldTaskState } from '../shared/task-state.ts';
import { toApp } from './app.ts';

export function toTask(task: Task): Json {
  return {
    ...toTaskBefore1_4(task),
    state: toOldTaskState(task.condition),
    slaveId: task.agent?.id,
    ipAddresses: toAddresses(task),
    ...toResults(task, toTaskResult),
  };
}

export const events: TaskEventWriter = {
  plan: { actionKey: 'action', writeApp: toApp },
  toApp,
  toHealthCheck: toHealthCheckBefore1_5,
  toState: toOldTaskState,
  tellsAddresses: true,
  tellsUnhealthyKills: true,
  tellsPlans: true,
};

/** Marathon 1.1.2 to 1.1.7: `state` in tasks, readiness, an IP per task; lost tasks stay listed for a while. */
export const dialect: Dialect = {
  name: '1.1',
  version: '1.1.7',
  rules: rulesOf1_1,
  json: {
    toApp,
    toTask,
    lists: isPlaced,
    toState: toOldTaskState,
    toDeployment: (deployment, readiness) => toDeploymentSince1_0(deployment, readiness, 'action'),
    groupFields: {},
  },
  http: { ...httpOf0_11, embedsReadiness: true, embedsInGroups: true },
  pods: undefined,
  stream: streamOf0_11,
  describeEvent: (event) => describeTaskEvent(event, events),
};
