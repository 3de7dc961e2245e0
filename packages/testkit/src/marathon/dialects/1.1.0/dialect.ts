import type { Task } from '../../cluster/task.ts';
import { toApp } from '../1.1/app.ts';
import { dialect as dialectOf1_1, toTask as toTaskOf1_1 } from '../1.1/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { toDeploymentSince1_0 } from '../shared/deployment.ts';
import { describeTaskEvent } from '../shared/describe-task-event.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import type { Json } from '../shared/json.ts';
import { toOldTaskState } from '../shared/task-state.ts';

function toTask(task: Task): Json {
  const { state: _, ...rest } = toTaskOf1_1(task);
  return rest;
}

/** Marathon 1.0.0 to 1.1.1: as 1.1.2 and later, but tasks say no `state`, and actions are under `type`. */
export const dialect: Dialect = {
  ...dialectOf1_1,
  name: '1.1.0',
  version: '1.1.1',
  json: {
    ...dialectOf1_1.json,
    toTask,
    toDeployment: (deployment, readiness) => toDeploymentSince1_0(deployment, readiness, 'type'),
  },
  describeEvent: (event) =>
    describeTaskEvent(event, {
      plan: { actionKey: 'type', writeApp: toApp },
      toApp,
      toHealthCheck: toHealthCheckBefore1_5,
      toState: toOldTaskState,
      tellsAddresses: true,
      tellsUnhealthyKills: true,
      tellsPlans: true,
    }),
};
