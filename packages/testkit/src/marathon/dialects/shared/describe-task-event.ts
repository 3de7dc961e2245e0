import type { ClusterEvent } from '../../cluster/cluster-event.ts';
import { taskIdOf } from '../../cluster/task-id.ts';
import type { EventDescription } from '../dialect.ts';
import { describeSharedEvent, type EventWriter, toKillFields } from './describe-event.ts';

/** Before 1.4 events are about tasks, and there is nothing like an instance (MS/event/Events.scala). */
export interface TaskEventWriter extends EventWriter {
  /** Whether status updates carry `ipAddresses` (0.14). */
  readonly tellsAddresses: boolean;
  /** Whether a kill for bad health is told (1.0). */
  readonly tellsUnhealthyKills: boolean;
  /** Whether the end of a deployment carries its plan (0.9). */
  readonly tellsPlans: boolean;
}

export function describeTaskEvent(event: ClusterEvent, writer: TaskEventWriter): EventDescription | undefined {
  switch (event.type) {
    case 'instance':
    case 'goal':
    case 'instance-health':
    case 'unknown-instance-terminated':
      return undefined;
    case 'status': {
      const { ipAddresses, ...description } = describeSharedEvent(event, writer);
      return writer.tellsAddresses ? { ...description, ipAddresses } : description;
    }
    case 'check-health': {
      const { id: appId, version } = event.task.spec;
      const taskId = taskIdOf(event.task);
      return { eventType: 'health_status_changed_event', appId, taskId, version, alive: event.alive };
    }
    case 'check-failed': {
      const { task, check } = event;
      const healthCheck = writer.toHealthCheck(check);
      return { eventType: 'failed_health_check_event', appId: task.spec.id, taskId: taskIdOf(task), healthCheck };
    }
    case 'unhealthy-kill':
      return writer.tellsUnhealthyKills
        ? { eventType: 'unhealthy_task_kill_event', ...toKillFields(event.task, event.reason) }
        : undefined;
    case 'deployment-succeeded':
    case 'deployment-failed': {
      const { plan, reason: _, ...description } = describeSharedEvent(event, writer);
      return writer.tellsPlans ? { ...description, plan } : description;
    }
    default:
      return describeSharedEvent(event, writer);
  }
}
