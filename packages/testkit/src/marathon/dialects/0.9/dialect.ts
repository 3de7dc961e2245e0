import type { Task } from '../../cluster/task.ts';
import { dialect as dialectOf0_8, events as eventsOf0_8 } from '../0.8/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { describeTaskEvent, type TaskEventWriter } from '../shared/describe-task-event.ts';
import { toResults, toResultWithoutCause } from '../shared/health-results.ts';
import type { Json } from '../shared/json.ts';
import { streamOf0_11 } from '../shared/stream.ts';
import { toTaskBefore1_4 } from '../shared/task-before-1.4.ts';

function toTask(task: Task): Json {
  return { ...toTaskBefore1_4(task), ...toResults(task, toResultWithoutCause) };
}

export const events: TaskEventWriter = { ...eventsOf0_8, tellsPlans: true };

/** Marathon 0.9 and 0.10: the first with an event stream, whose events have no `event:` line, and which standbys hold back (issue #1926). */
export const dialect: Dialect = {
  ...dialectOf0_8,
  name: '0.9',
  version: '0.9.2',
  json: { ...dialectOf0_8.json, toTask },
  http: { ...dialectOf0_8.http, announcesLeader: true },
  stream: { ...streamOf0_11, namesEvents: false, standby: 'buffer' },
  describeEvent: (event) => describeTaskEvent(event, events),
};
