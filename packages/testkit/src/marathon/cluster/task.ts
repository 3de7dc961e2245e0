import type { Agent } from './agents.ts';
import type { AppSpec } from './app.ts';
import type { TaskProcess } from './task-process.ts';

/** Marathon's own word for where an instance stands (MS/core/condition/Condition.scala); a dialect turns it into `TASK_*`. */
export type Condition =
  | 'Scheduled'
  | 'Provisioned'
  | 'Staging'
  | 'Starting'
  | 'Running'
  | 'Killing'
  | 'Killed'
  | 'Failed'
  | 'Unreachable'
  | 'UnreachableInactive';

/** The result of one health check of one task; without any time it is still in its grace period. */
export interface CheckResult {
  readonly alive: boolean;
  readonly consecutiveFailures: number;
  readonly firstSuccess?: string;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
  readonly lastFailureCause?: string;
}

/** One instance of an app with its task; a failed one is launched again under the same instance id. */
export interface Task {
  readonly instanceId: string;
  /** The version that it was started from. */
  readonly spec: AppSpec;
  /** Where it is launched by; readiness is only watched there. */
  readonly deploymentId: string | undefined;
  /** How often it was launched. */
  incarnation: number;
  condition: Condition;
  /** Whether it is wanted. One that is not will be removed when it has ended. */
  wanted: boolean;
  /** Whether it was asked to end, also where `TASK_KILLING` is switched off and nothing shows it. */
  ending: boolean;
  /** Unknown while it waits for an offer. */
  agent: Agent | undefined;
  /** Host ports. */
  ports: readonly number[];
  /** Addresses of the task itself, known from `TASK_STARTING` on. */
  addresses: readonly string[];
  /** Order of launch, across all apps. */
  readonly order: number;
  stagedAt: string | undefined;
  startedAt: string | undefined;
  /** One per health check, or none while there is no result. */
  checks: readonly CheckResult[];
  /** The answer of the readiness check; undefined before the first. */
  ready: boolean | undefined;
  /** What the task itself would answer to a check. */
  healthy: boolean;
  process: TaskProcess | undefined;
  /** Takes back what is scheduled for this incarnation. */
  readonly pending: Set<() => void>;
}

export function isPlaced(task: Task): task is Task & { agent: Agent } {
  return task.agent !== undefined;
}

/** True if every check passes, false if one fails, undefined without checks or results (MS/core/appinfo/impl/TaskForStatistics.scala). */
export function healthOf(task: Task): boolean | undefined {
  return task.checks.length === 0 ? undefined : task.checks.every((check) => check.alive);
}

/** Whether a deployment may count on the task. */
export function isReady(task: Task): boolean {
  if (task.condition !== 'Running' || task.ending) return false;
  if (task.spec.healthChecks.length > 0 && healthOf(task) !== true) return false;
  return task.spec.readinessChecks.length === 0 || task.deploymentId === undefined || task.ready === true;
}
