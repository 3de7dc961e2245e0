import { isPlaced } from '../../cluster/task.ts';
import type { Dialect } from '../dialect.ts';
import { toDeploymentSince1_4 } from '../shared/deployment.ts';
import { describeInstanceEvent, toConditionBefore1_8 } from '../shared/describe-instance-event.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import { httpOf0_11 } from '../shared/http.ts';
import { podsOf1_4 } from '../shared/pods.ts';
import { rulesOf1_4 } from '../shared/rules.ts';
import { streamOf0_11 } from '../shared/stream.ts';
import { toTaskSince1_4 } from '../shared/task-since-1.4.ts';
import { toTaskState } from '../shared/task-state.ts';
import { toApp } from './app.ts';

/** Marathon 1.4: instances, `TASK_UNREACHABLE` and `TASK_KILLING`; ports and networks still in the old form. */
export const dialect: Dialect = {
  name: '1.4',
  version: '1.4.13',
  rules: rulesOf1_4,
  json: {
    toApp,
    toTask: toTaskSince1_4,
    lists: isPlaced,
    toState: toTaskState,
    toDeployment: toDeploymentSince1_4,
    groupFields: {},
  },
  http: { ...httpOf0_11, embedsReadiness: true, embedsInGroups: true, leaderRefused: 503 },
  pods: podsOf1_4,
  stream: { ...streamOf0_11, filters: true },
  describeEvent: (event) =>
    describeInstanceEvent(event, {
      plan: { actionKey: 'action', writeApp: toApp },
      toApp,
      toHealthCheck: toHealthCheckBefore1_5,
      toState: toTaskState,
      failedCheckKey: 'instanceId',
      toCondition: toConditionBefore1_8,
      tellsGoals: false,
    }),
};
