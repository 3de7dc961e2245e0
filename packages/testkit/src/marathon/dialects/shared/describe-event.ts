import type { AppSpec } from '../../cluster/app.ts';
import type { ClusterEvent } from '../../cluster/cluster-event.ts';
import type { HealthCheck } from '../../cluster/definition.ts';
import type { Deployment } from '../../cluster/deployment.ts';
import { portsOfContainer } from '../../cluster/pod-ports.ts';
import type { Condition, Task } from '../../cluster/task.ts';
import { containerTaskId, taskIdOf } from '../../cluster/task-id.ts';
import type { EventDescription } from '../dialect.ts';
import { toAddresses } from './addresses.ts';
import type { Json } from './json.ts';
import { type PlanWriter, toCurrentStep, toPlan } from './plan.ts';

/** How one version writes what events are made of. */
export interface EventWriter {
  readonly plan: PlanWriter;
  readonly toApp: (spec: AppSpec) => Json;
  readonly toHealthCheck: (check: HealthCheck) => Json;
  readonly toState: (condition: Condition) => string;
}

type InstanceEvent = Extract<
  ClusterEvent,
  { readonly type: 'instance' | 'goal' | 'instance-health' | 'unknown-instance-terminated' }
>;

/** Events about tasks and apps, which every version tells. The versions override what they write in another way. */
export type SharedEvent = Exclude<
  ClusterEvent,
  InstanceEvent | { readonly type: 'check-health' | 'check-failed' | 'unhealthy-kill' }
>;

export function describeSharedEvent(event: SharedEvent, writer: EventWriter): EventDescription {
  switch (event.type) {
    case 'status':
      return {
        eventType: 'status_update_event',
        slaveId: event.task.agent?.id ?? '',
        taskId: event.container === undefined ? taskIdOf(event.task) : containerTaskId(event.task, event.container),
        taskStatus: writer.toState(event.condition),
        message: event.message,
        appId: event.task.spec.id,
        host: event.task.agent?.address ?? 'unknown',
        ipAddresses: toAddresses(event.task),
        ports: event.container === undefined ? event.task.ports : portsOfContainer(event.task, event.container),
        version: event.task.spec.version,
      };
    case 'check-added': {
      const { id: appId, version } = event.spec;
      return { eventType: 'add_health_check_event', appId, healthCheck: writer.toHealthCheck(event.check), version };
    }
    case 'check-removed':
      return { eventType: 'remove_health_check_event', appId: event.appId };
    case 'app-posted': {
      const { versionInfo: _, ...appDefinition } = writer.toApp(event.spec);
      return { eventType: 'api_post_event', clientIp: event.clientIp, uri: event.uri, appDefinition };
    }
    case 'pod-posted':
      return { eventType: `pod_${event.change}_event`, clientIp: event.clientIp, uri: event.uri };
    case 'group-changed':
      return { eventType: 'group_change_success', groupId: event.groupId, version: event.version };
    case 'deployment-step-started':
      return { eventType: 'deployment_info', ...toProgress(event.deployment, writer) };
    case 'deployment-step-succeeded':
      return { eventType: 'deployment_step_success', ...toProgress(event.deployment, writer) };
    case 'deployment-succeeded':
      return { eventType: 'deployment_success', ...toOutcome(event.deployment, writer) };
    case 'deployment-failed':
      return { eventType: 'deployment_failed', ...toOutcome(event.deployment, writer), reason: event.reason };
    case 'app-terminated':
      return { eventType: 'app_terminated_event', appId: event.appId };
    case 'scheduler-reregistered':
      return { eventType: 'scheduler_reregistered_event', master: 'master.mesos' };
    case 'stream-attached':
      return { eventType: 'event_stream_attached', remoteAddress: event.remoteAddress };
    case 'stream-detached':
      return { eventType: 'event_stream_detached', remoteAddress: event.remoteAddress };
  }
}

function toProgress(deployment: Deployment, { plan }: EventWriter): Json {
  return { plan: toPlan(deployment, plan), currentStep: toCurrentStep(deployment, plan.actionKey) };
}

function toOutcome(deployment: Deployment, { plan }: EventWriter): Json {
  return { id: deployment.id, plan: toPlan(deployment, plan) };
}

/** Fields of the event that tells of a task's end for its health, in all its forms. */
export function toKillFields(task: Task, reason: string): Json {
  return {
    appId: task.spec.id,
    taskId: taskIdOf(task),
    version: task.spec.version,
    reason,
    host: task.agent?.address ?? 'unknown',
    slaveId: task.agent?.id ?? '',
  };
}
