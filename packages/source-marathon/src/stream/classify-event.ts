import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../mapping/read-fields.ts';
import type { MarathonEvent } from './parse-events.ts';

/** What an event means for a reader who takes events as hints and reads the truth again. */
export interface EventMeaning {
  /** Ids of apps and pods to read again. Most events do not tell which of the two it is. */
  readonly specs: readonly string[];
  /** Everything has to be read again. */
  readonly everything: boolean;
  /** Apps and pods of which the event states that they are being deleted or are gone. */
  readonly deleted: readonly string[];
  /** What they name was just written, so that an id which nothing had before may exist now. */
  readonly written: boolean;
  readonly task?: { readonly id: string; readonly specId: string; readonly state: string };
}

/** Every type that {@link classifyEvent} makes use of, for the `event_type` filter (1.3.7+; others ignore it). */
export const usefulEventTypes: readonly string[] = [
  'event_stream_attached',
  'status_update_event',
  'instance_changed_event',
  'instance_health_changed_event',
  'health_status_changed_event',
  'unhealthy_task_kill_event',
  'unhealthy_instance_kill_event',
  'add_health_check_event',
  'remove_health_check_event',
  'api_post_event',
  'pod_created_event',
  'pod_updated_event',
  'pod_deleted_event',
  'group_change_success',
  'deployment_info',
  'deployment_step_success',
  'deployment_step_failure',
  'deployment_success',
  'deployment_failed',
  'app_terminated_event',
  'scheduler_registered_event',
  'scheduler_reregistered_event',
];

const nothing: EventMeaning = { specs: [], everything: false, deleted: [], written: false };
const everything: EventMeaning = { ...nothing, everything: true };

/** By the table of Marathon's event types (`core/event/Events.scala`, 0.8 to 1.11). Unknown types mean nothing. */
export function classifyEvent({ type, data }: MarathonEvent): EventMeaning {
  switch (type) {
    case 'status_update_event':
      return taskEvent(data);
    case 'instance_changed_event':
    case 'instance_health_changed_event':
      return specEvent(data.runSpecId);
    case 'health_status_changed_event':
    case 'unhealthy_task_kill_event':
    case 'unhealthy_instance_kill_event':
    case 'add_health_check_event':
    case 'remove_health_check_event':
      return specEvent(data.appId);
    case 'api_post_event':
      return { ...specEvent(objectOf(data.appDefinition)?.id), written: true };
    case 'group_change_success':
      // Names the app, pod or group; deletions and changes through `/v2/groups` show up here alone.
      return { ...specEvent(data.groupId), written: true };
    case 'pod_created_event':
    case 'pod_updated_event':
      return podEvent(data.uri);
    case 'pod_deleted_event': {
      const event = podEvent(data.uri);
      return { ...event, deleted: event.specs };
    }
    case 'app_terminated_event': {
      const event = specEvent(data.appId);
      return { ...event, deleted: event.specs };
    }
    case 'deployment_info':
    case 'deployment_step_success':
    case 'deployment_step_failure':
      return deploymentEvent([data.currentStep]);
    case 'deployment_success': {
      const steps = arrayOf(objectOf(data.plan)?.steps);
      // 0.8 sends no plan.
      return steps.length === 0 ? everything : deploymentEvent(steps);
    }
    case 'deployment_failed':
    case 'scheduler_registered_event':
    case 'scheduler_reregistered_event':
      return everything;
    default:
      return nothing;
  }
}

function specEvent(id: unknown): EventMeaning {
  const specId = textOf(id);
  return specId?.startsWith('/') ? { ...nothing, specs: [specId] } : nothing;
}

/** Has no id: it is the rest of the path that was written to. A creation is written to `/v2/pods` itself. */
function podEvent(uri: unknown): EventMeaning {
  const id = /\/v2\/pods(\/[^:?]+)/.exec(textOf(uri) ?? '')?.[1];
  return { ...(id === undefined ? everything : specEvent(id)), written: true };
}

function taskEvent(data: JsonObject): EventMeaning {
  const event = specEvent(data.appId);
  const [specId] = event.specs;
  const id = textOf(data.taskId);
  const state = textOf(data.taskStatus);
  if (specId === undefined || id === undefined || state === undefined) return event;
  return { ...event, task: { id, specId, state } };
}

/** Steps are `{actions: […]}`, in the documentation's samples flat lists of actions, and in 0.x lists as well. */
function deploymentEvent(steps: readonly unknown[]): EventMeaning {
  const specs = new Set<string>();
  const deleted = new Set<string>();
  for (const step of steps) {
    const actions = Array.isArray(step) ? step : isObject(step) ? (step.actions ?? [step]) : [];
    for (const action of arrayOf(actions)) {
      const fields = objectOf(action);
      const id = textOf(fields?.app) ?? textOf(fields?.pod);
      if (id === undefined) continue;
      specs.add(id);
      // The key is `type` up to 1.1.1.
      const name = fields?.action ?? fields?.type;
      if (name === 'StopApplication' || name === 'StopPod') deleted.add(id);
    }
  }
  return { specs: [...specs], everything: false, deleted: [...deleted], written: true };
}
