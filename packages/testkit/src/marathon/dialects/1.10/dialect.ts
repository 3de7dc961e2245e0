import type { AppSpec } from '../../cluster/app.ts';
import { isPlaced } from '../../cluster/task.ts';
import type { Dialect } from '../dialect.ts';
import { toAppSince1_5 } from '../shared/app-since-1.5.ts';
import { toDeploymentSince1_4 } from '../shared/deployment.ts';
import { describeInstanceEvent } from '../shared/describe-instance-event.ts';
import { toHealthCheck } from '../shared/health-check.ts';
import type { Json } from '../shared/json.ts';
import { podsOf1_9 } from '../shared/pods.ts';
import { rulesOf1_8 } from '../shared/rules.ts';
import { toTaskState } from '../shared/task-state.ts';
import { toTask } from './task.ts';

function toApp(spec: AppSpec): Json {
  const { acceptedResourceRoles = ['*'] } = spec.definition;
  return { ...toAppSince1_5(spec, toHealthCheck), acceptedResourceRoles, role: spec.role };
}

/** Marathon 1.10, and the 1.11 line. */
export const dialect: Dialect = {
  name: '1.10',
  version: '1.10.26',
  rules: rulesOf1_8,
  json: {
    toApp,
    toTask,
    lists: isPlaced,
    toState: toTaskState,
    toDeployment: toDeploymentSince1_4,
    groupFields: { enforceRole: false },
  },
  http: {
    embed: 'repeated',
    embedsReadiness: true,
    embedsInGroups: true,
    textTasks: false,
    unknownRoute: 500,
    noLeader: 502,
    leaderRefused: 502,
    announcesLeader: true,
  },
  pods: podsOf1_9,
  stream: {
    namesEvents: true,
    filters: true,
    plans: 'light',
    standby: 'redirect',
    maxOutstandingEvents: 1024,
    overflow: 'disconnect',
  },
  describeEvent: (event) =>
    describeInstanceEvent(event, {
      plan: { actionKey: 'action', writeApp: undefined },
      toApp,
      toHealthCheck,
      toState: toTaskState,
      failedCheckKey: 'taskId',
      toCondition: (condition) => condition,
      tellsGoals: true,
    }),
};
