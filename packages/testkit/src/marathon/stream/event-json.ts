import type { ClusterEvent } from '../cluster/cluster-event.ts';
import type { Deployment } from '../cluster/deployment.ts';
import { type Task, taskIdOf } from '../cluster/task.ts';
import { toAppJson, toHealthCheckJson } from '../rest/app-json.ts';
import { toCurrentStepJson, toPlanJson } from '../rest/deployment-json.ts';
import { toAddressesJson } from '../rest/task-json.ts';
import { toTaskState } from '../rest/task-state.ts';

/** An event as Marathon publishes it; the fields depend on `eventType`. */
export interface MarathonEvent {
  readonly eventType: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** Writes an event as 1.10 does (MS/core/event/Events.scala, MS/api/v2/json/Formats.scala). */
export function toEventJson(event: ClusterEvent, timestamp: string): MarathonEvent {
  const { eventType, ...fields } = describe(event);
  return { ...fields, eventType, timestamp };
}

interface Description {
  readonly eventType: string;
  readonly [field: string]: unknown;
}

function describe(event: ClusterEvent): Description {
  switch (event.type) {
    case 'status': {
      const { task } = event;
      return {
        eventType: 'status_update_event',
        slaveId: task.agent?.id ?? '',
        taskId: taskIdOf(task),
        taskStatus: toTaskState(event.condition),
        message: event.message,
        appId: task.spec.id,
        host: task.agent?.address ?? 'unknown',
        ipAddresses: toAddressesJson(task),
        ports: task.ports,
        version: task.spec.version,
      };
    }
    case 'instance': {
      const { task } = event;
      return {
        eventType: 'instance_changed_event',
        instanceId: task.instanceId,
        condition: event.condition,
        runSpecId: task.spec.id,
        agentId: task.agent?.id ?? null,
        host: task.agent?.address ?? null,
        runSpecVersion: task.spec.version,
      };
    }
    case 'instance-health':
      return { eventType: 'instance_health_changed_event', ...instanceOf(event.task), healthy: event.healthy };
    case 'check-health':
      return {
        eventType: 'health_status_changed_event',
        appId: event.task.spec.id,
        instanceId: event.task.instanceId,
        version: event.task.spec.version,
        alive: event.alive,
      };
    case 'check-failed':
      return {
        eventType: 'failed_health_check_event',
        appId: event.task.spec.id,
        healthCheck: toHealthCheckJson(event.check),
        // The key says task, the value is the id of the instance, since 1.5.
        taskId: event.task.instanceId,
      };
    case 'unhealthy-kill': {
      const { task } = event;
      return {
        eventType: 'unhealthy_instance_kill_event',
        appId: task.spec.id,
        taskId: taskIdOf(task),
        instanceId: task.instanceId,
        version: task.spec.version,
        reason: event.reason,
        host: task.agent?.address ?? 'unknown',
        slaveId: task.agent?.id ?? '',
      };
    }
    case 'unknown-instance-terminated': {
      const { instanceId, spec } = event.task;
      return { eventType: 'unknown_instance_terminated_event', instanceId, runSpecId: spec.id, condition: 'Gone' };
    }
    default:
      return describeApp(event);
  }
}

type TaskEvent = Extract<ClusterEvent, { readonly task: Task }>;

function describeApp(event: Exclude<ClusterEvent, TaskEvent>): Description {
  switch (event.type) {
    case 'check-added': {
      const { id: appId, version } = event.spec;
      return { eventType: 'add_health_check_event', appId, healthCheck: toHealthCheckJson(event.check), version };
    }
    case 'check-removed':
      return { eventType: 'remove_health_check_event', appId: event.appId };
    case 'app-posted': {
      const { versionInfo: _, ...appDefinition } = toAppJson(event.spec);
      return { eventType: 'api_post_event', clientIp: event.clientIp, uri: event.uri, appDefinition };
    }
    case 'group-changed':
      return { eventType: 'group_change_success', groupId: event.groupId, version: event.version };
    case 'deployment-step-started':
      return { eventType: 'deployment_info', ...planOf(event.deployment) };
    case 'deployment-step-succeeded':
      return { eventType: 'deployment_step_success', ...planOf(event.deployment) };
    case 'deployment-succeeded':
      return { eventType: 'deployment_success', id: event.deployment.id, plan: toPlanJson(event.deployment) };
    case 'deployment-failed': {
      const { deployment, reason } = event;
      return { eventType: 'deployment_failed', id: deployment.id, plan: toPlanJson(deployment), reason };
    }
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

function planOf(deployment: Deployment): { readonly plan: unknown; readonly currentStep: unknown } {
  return { plan: toPlanJson(deployment), currentStep: toCurrentStepJson(deployment) };
}

function instanceOf(task: Task): Omit<Description, 'eventType'> {
  return { instanceId: task.instanceId, runSpecId: task.spec.id, runSpecVersion: task.spec.version };
}
