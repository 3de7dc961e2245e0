import type { Task } from './task.ts';

/** The form of an instance id: `.instance-` since 1.8, `.marathon-` for apps before (MS/core/instance/Instance.scala). */
export function newInstanceId(appId: string, uuid: string, keepsInstances: boolean): string {
  return `${appId.slice(1).replaceAll('/', '_')}.${keepsInstances ? 'instance' : 'marathon'}-${uuid}`;
}

/**
 * Since 1.8 the instance, the container (`_app` for apps) and the incarnation; before, the app and the UUID of the instance, in spite of its name
 * (MS/core/task/Task.scala).
 */
export function taskIdOf({ instanceId, incarnation }: Pick<Task, 'instanceId' | 'incarnation'>): string {
  const old = instanceId.lastIndexOf('.marathon-');
  return old === -1 ? `${instanceId}._app.${incarnation}` : instanceId.replace(/\.marathon-([^.]*)$/, '.$1');
}

/** The instance that a task id, of either form, belongs to. */
export function instanceIdOf(taskId: string): string {
  return /\._app\.\d+$/.test(taskId)
    ? taskId.replace(/\._app\.\d+$/, '')
    : taskId.replace(/\.([^.]*)$/, '.marathon-$1');
}
