import type { ClusterEvent } from '../../cluster/cluster-event.ts';
import type { Condition, Task } from '../../cluster/task.ts';
import type { EventDescription } from '../dialect.ts';
import { describeSharedEvent, type EventWriter, toKillFields } from './describe-event.ts';
import type { Json } from './json.ts';

/** Since 1.4 events are about instances (MS/core/event/Events.scala). */
export interface InstanceEventWriter extends EventWriter {
  /** Under which key `failed_health_check_event` names the instance: `instanceId` in 1.4, `taskId` in 1.5 and later. */
  readonly failedCheckKey: 'instanceId' | 'taskId';
  /** The name of a condition; undefined where this version has no such condition. */
  readonly toCondition: (condition: Condition) => string | undefined;
  /** Since 1.8 a changed goal alone is told, with the condition repeated (MS/core/instance/update/InstanceChangedEventsGenerator.scala). */
  readonly tellsGoals: boolean;
}

export function describeInstanceEvent(event: ClusterEvent, writer: InstanceEventWriter): EventDescription | undefined {
  switch (event.type) {
    case 'instance':
      return describeCondition(event.task, writer.toCondition(event.condition));
    case 'goal':
      return writer.tellsGoals ? describeCondition(event.task, writer.toCondition(event.condition)) : undefined;
    case 'instance-health':
      return { eventType: 'instance_health_changed_event', ...toInstance(event.task), healthy: event.healthy };
    case 'unknown-instance-terminated': {
      const { instanceId, spec } = event.task;
      return { eventType: 'unknown_instance_terminated_event', instanceId, runSpecId: spec.id, condition: 'Gone' };
    }
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
        healthCheck: writer.toHealthCheck(event.check),
        [writer.failedCheckKey]: event.task.instanceId,
      };
    case 'unhealthy-kill':
      return {
        eventType: 'unhealthy_instance_kill_event',
        ...toKillFields(event.task, event.reason),
        instanceId: event.task.instanceId,
      };
    default:
      return describeSharedEvent(event, writer);
  }
}

function describeCondition(task: Task, condition: string | undefined): EventDescription | undefined {
  if (condition === undefined) return undefined;
  const { agent } = task;
  return {
    eventType: 'instance_changed_event',
    ...toInstance(task),
    condition,
    agentId: agent?.id ?? null,
    host: agent?.address ?? null,
  };
}

/** 1.4 to 1.7 know an instance from the moment when its agent is found, and call it created. */
export function toConditionBefore1_8(condition: Condition): string | undefined {
  if (condition === 'Scheduled') return undefined;
  return condition === 'Provisioned' ? 'Created' : condition;
}

function toInstance(task: Task): Json {
  return { instanceId: task.instanceId, runSpecId: task.spec.id, runSpecVersion: task.spec.version };
}
