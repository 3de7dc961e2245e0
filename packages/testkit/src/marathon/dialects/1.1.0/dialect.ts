import type { Task } from '../../cluster/task.ts';
import { toApp } from '../1.1/app.ts';
import { dialect as dialectOf1_1, events as eventsOf1_1, toTask as toTaskOf1_1 } from '../1.1/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { toDeploymentSince1_0 } from '../shared/deployment.ts';
import { describeTaskEvent, type TaskEventWriter } from '../shared/describe-task-event.ts';
import type { Json } from '../shared/json.ts';

function toTask(task: Task): Json {
  const { state: _, ...rest } = toTaskOf1_1(task);
  return rest;
}

const events: TaskEventWriter = { ...eventsOf1_1, plan: { actionKey: 'type', writeApp: toApp } };

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
  describeEvent: (event) => describeTaskEvent(event, events),
};
