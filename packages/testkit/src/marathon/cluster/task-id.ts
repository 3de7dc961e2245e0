import type { Task } from './task.ts';

/**
 * The form of an instance id: `.instance-` for pods and since 1.8 for apps, `.marathon-` for apps before (MS/core/instance/Instance.scala).
 */
export function newInstanceId(runSpecId: string, uuid: string, form: 'instance' | 'marathon'): string {
  return `${runSpecId.slice(1).replaceAll('/', '_')}.${form}-${uuid}`;
}

/**
 * Since 1.8 the instance, the container (`_app` for apps) and the incarnation; before, the app and the UUID of the instance, in spite of its name
 * (MS/core/task/Task.scala). An instance of a pod, which has a task per container, goes by its own id here.
 */
export function taskIdOf({ instanceId, incarnation, spec }: Pick<Task, 'instanceId' | 'incarnation' | 'spec'>): string {
  if (spec.pod !== undefined) return instanceId;
  const isOld = /\.marathon-[^.]*$/.test(instanceId);
  return isOld ? instanceId.replace(/\.marathon-([^.]*)$/, '.$1') : `${instanceId}._app.${incarnation}`;
}

/** The id of the task that a container of a pod is; before 1.8 without the incarnation, which is 0 then. */
export function containerTaskId({ instanceId, incarnation }: Task, container: string): string {
  return incarnation === 0 ? `${instanceId}.${container}` : `${instanceId}.${container}.${incarnation}`;
}

/** The instance that a task id belongs to; the id of an instance stands for itself. */
export function instanceIdOf(taskId: string): string {
  if (/\.instance-[^.]*$/.test(taskId)) return taskId;
  return /\._app\.\d+$/.test(taskId)
    ? taskId.replace(/\._app\.\d+$/, '')
    : taskId.replace(/\.([^.]*)$/, '.marathon-$1');
}
