import type { AppSpec } from './app.ts';
import type { HealthCheck } from './definition.ts';
import type { Deployment } from './deployment.ts';
import type { Condition, Task } from './task.ts';

/** What happened in the cluster, in no dialect. It is written down at once, so that it may point to what changes later. */
export type ClusterEvent =
  | {
      readonly type: 'status';
      readonly task: Task;
      /** Which container of a pod it is about; undefined for the task of an app. */
      readonly container: string | undefined;
      readonly condition: Condition;
      readonly message: string;
    }
  | { readonly type: 'instance'; readonly task: Task; readonly condition: Condition }
  /** An instance is not wanted any more, while its condition is the same as before. */
  | { readonly type: 'goal'; readonly task: Task; readonly condition: Condition }
  | { readonly type: 'instance-health'; readonly task: Task; readonly healthy: boolean | null }
  | { readonly type: 'check-health'; readonly task: Task; readonly alive: boolean }
  | { readonly type: 'check-failed'; readonly task: Task; readonly check: HealthCheck }
  | { readonly type: 'unhealthy-kill'; readonly task: Task; readonly reason: string }
  | { readonly type: 'unknown-instance-terminated'; readonly task: Task }
  | { readonly type: 'check-added'; readonly spec: AppSpec; readonly check: HealthCheck }
  | { readonly type: 'check-removed'; readonly appId: string }
  | { readonly type: 'app-posted'; readonly spec: AppSpec; readonly clientIp: string; readonly uri: string }
  | {
      readonly type: 'pod-posted';
      readonly change: 'created' | 'updated' | 'deleted';
      readonly clientIp: string;
      readonly uri: string;
    }
  | { readonly type: 'group-changed'; readonly groupId: string; readonly version: string }
  | { readonly type: 'deployment-step-started'; readonly deployment: Deployment }
  | { readonly type: 'deployment-step-succeeded'; readonly deployment: Deployment }
  | { readonly type: 'deployment-succeeded'; readonly deployment: Deployment }
  | { readonly type: 'deployment-failed'; readonly deployment: Deployment; readonly reason: string }
  | { readonly type: 'app-terminated'; readonly appId: string }
  | { readonly type: 'scheduler-reregistered' }
  | { readonly type: 'stream-attached' | 'stream-detached'; readonly remoteAddress: string };
