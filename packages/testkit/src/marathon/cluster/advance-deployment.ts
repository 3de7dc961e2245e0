import type { Cluster } from './cluster.ts';
import type { Deployment } from './deployment.ts';
import { killTask } from './kill-task.ts';
import { replaceTasks } from './replace-tasks.ts';
import { scaleTasks } from './scale-tasks.ts';
import { isReady } from './task.ts';

/** Does what the present step of a deployment can do now, and goes to the next when it is done. */
export function advanceDeployment(cluster: Cluster, deployment: Deployment): void {
  while (cluster.deployments.get(deployment.appId) === deployment && isStepDone(cluster, deployment)) {
    cluster.publish({ type: 'deployment-step-succeeded', deployment });
    if (deployment.step + 1 < deployment.steps.length) {
      deployment.step += 1;
      cluster.publish({ type: 'deployment-step-started', deployment });
      continue;
    }
    cluster.deployments.delete(deployment.appId);
    cluster.publish({ type: 'deployment-succeeded', deployment });
  }
}

function isStepDone(cluster: Cluster, deployment: Deployment): boolean {
  const { appId, id } = deployment;
  if (deployment.steps[deployment.step] === 'StopApplication') return stopTasks(cluster, appId);
  const spec = cluster.apps.get(appId)?.spec;
  if (spec === undefined) return true;
  switch (deployment.steps[deployment.step]) {
    case 'ScaleApplication': {
      scaleTasks(cluster, spec, id);
      const tasks = cluster.tasksOf(appId).filter((task) => task.condition !== 'UnreachableInactive');
      return tasks.every((task) => task.wanted && (task.deploymentId !== id || isReady(task)));
    }
    case 'RestartApplication':
      return replaceTasks(cluster, spec, id);
    default:
      return true;
  }
}

function stopTasks(cluster: Cluster, appId: string): boolean {
  for (const task of cluster.tasksOf(appId)) killTask(cluster, task);
  if (cluster.tasksOf(appId).length > 0) return false;
  cluster.publish({ type: 'app-terminated', appId });
  return true;
}
