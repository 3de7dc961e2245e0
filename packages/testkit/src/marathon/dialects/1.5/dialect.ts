import type { AppSpec } from '../../cluster/app.ts';
import { isPlaced } from '../../cluster/task.ts';
import type { Dialect } from '../dialect.ts';
import { toAppSince1_5 } from '../shared/app-since-1.5.ts';
import { toDeploymentSince1_4 } from '../shared/deployment.ts';
import { describeInstanceEvent, toConditionBefore1_8 } from '../shared/describe-instance-event.ts';
import { toHealthCheckOf1_5 } from '../shared/health-check.ts';
import { httpOf0_11 } from '../shared/http.ts';
import type { Json } from '../shared/json.ts';
import { podsOf1_4 } from '../shared/pods.ts';
import { rulesOf1_5 } from '../shared/rules.ts';
import { streamOf0_11 } from '../shared/stream.ts';
import { toTaskSince1_4 } from '../shared/task-since-1.4.ts';
import { toTaskState } from '../shared/task-state.ts';

function toApp(spec: AppSpec): Json {
  const { acceptedResourceRoles } = spec.definition;
  return { ...toAppSince1_5(spec, toHealthCheckOf1_5), acceptedResourceRoles };
}

/** Marathon 1.5: `networks` and `container.portMappings` in place of `ports` and `docker.network`; tasks as in 1.4. */
export const dialect: Dialect = {
  name: '1.5',
  version: '1.5.15',
  rules: rulesOf1_5,
  json: {
    toApp,
    toTask: toTaskSince1_4,
    lists: isPlaced,
    toState: toTaskState,
    toDeployment: toDeploymentSince1_4,
    groupFields: {},
  },
  http: { ...httpOf0_11, embedsReadiness: true, embedsInGroups: true },
  pods: podsOf1_4,
  stream: { ...streamOf0_11, filters: true, plans: 'heavy-by-default', maxOutstandingEvents: 1024 },
  describeEvent: (event) =>
    describeInstanceEvent(event, {
      plan: { actionKey: 'action', writeApp: toApp },
      toApp,
      toHealthCheck: toHealthCheckOf1_5,
      toState: toTaskState,
      failedCheckKey: 'taskId',
      toCondition: toConditionBefore1_8,
      tellsGoals: false,
    }),
};
