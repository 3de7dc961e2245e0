import type { AppSpec } from '../cluster/app.ts';
import type { ClusterEvent } from '../cluster/cluster-event.ts';
import type { ClusterRules } from '../cluster/cluster-rules.ts';
import type { Deployment } from '../cluster/deployment.ts';
import type { Condition, Task } from '../cluster/task.ts';
import type { DialectName } from './dialect-name.ts';
import type { Json } from './shared/json.ts';

/** How one version of Marathon behaves and how it writes everything down. */
export interface Dialect {
  readonly name: DialectName;
  /** What `/v2/info` says. */
  readonly version: string;
  readonly rules: ClusterRules;
  readonly json: JsonDialect;
  readonly http: HttpDialect;
  /** Undefined where there are no pods. */
  readonly pods: PodDialect | undefined;
  /** Undefined where there is no `/v2/events`. */
  readonly stream: StreamDialect | undefined;
  /** An event as it is published; undefined if this version does not tell it. */
  describeEvent(event: ClusterEvent): EventDescription | undefined;
}

/** What the REST API prints. */
export interface JsonDialect {
  /** An app without embedded parts. */
  toApp(spec: AppSpec): Json;
  /** `servicePorts` are the caller's, in the one list that has them. */
  toTask(task: Task): Json;
  /** Whether a task stands in the lists. */
  lists(task: Task): boolean;
  toState(condition: Condition): string;
  /** An element of `/v2/deployments`; `readiness` are the results that belong to it. */
  toDeployment(deployment: Deployment, readiness: readonly Json[]): Json;
  /** Fields of a group besides `id`, `apps`, `groups`, `pods`, `dependencies` and `version`. */
  readonly groupFields: Json;
}

/** How pods are printed. */
export interface PodDialect {
  toPod(spec: AppSpec): Json;
  /** The status of a pod with its instances, which are read against its latest definition; `now` is when it was put together. */
  toStatus(latest: AppSpec, tasks: readonly Task[], now: string): Json;
}

/** How requests are answered, apart from the JSON. */
export interface HttpDialect {
  /** `first`: the parameter is one string, and only `apps.tasks` and `apps.failures` exist. */
  readonly embed: 'first' | 'repeated';
  readonly embedsReadiness: boolean;
  /** Whether `/v2/groups` takes `embed`. */
  readonly embedsInGroups: boolean;
  /** Whether `text/plain` gives the list of tasks as lines. */
  readonly textTasks: boolean;
  readonly unknownRoute: 404 | 500;
  readonly noLeader: 502 | 503;
  readonly leaderRefused: 502 | 503;
  /** Whether answers carry `X-Marathon-Leader`. */
  readonly announcesLeader: boolean;
}

export interface StreamDialect {
  /** Whether events have an `event:` line. */
  readonly namesEvents: boolean;
  /** Whether `event_type` is honoured. */
  readonly filters: boolean;
  /** Whether plans carry all apps before and after: always, unless `plan-format=light` is asked for, or never. */
  readonly plans: 'heavy' | 'heavy-by-default' | 'light';
  /** What a node that does not lead does with a stream. */
  readonly standby: Standby;
  readonly maxOutstandingEvents: number;
  /** What happens to a reader that owes more. */
  readonly overflow: 'drop' | 'disconnect';
}

/** `buffer` passes a stream on in bulk, as 0.9 and 0.10 do. */
export type Standby = 'redirect' | 'proxy' | 'buffer';

export interface EventDescription {
  readonly eventType: string;
  readonly [field: string]: unknown;
}
