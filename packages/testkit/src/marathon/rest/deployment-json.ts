import type { Cluster } from '../cluster/cluster.ts';
import type { Deployment } from '../cluster/deployment.ts';
import { type Task, taskIdOf } from '../cluster/task.ts';
import type { Json } from './json.ts';

/** The plan in its light form, the only one since 1.8. */
export function toPlanJson(deployment: Deployment): Json {
  return {
    id: deployment.id,
    steps: deployment.steps.map((action) => ({ actions: [{ action, app: deployment.appId }] })),
    version: deployment.version,
  };
}

export function toCurrentStepJson(deployment: Deployment): Json {
  return { actions: [{ action: deployment.steps[deployment.step], app: deployment.appId }] };
}

/** An element of `GET /v2/deployments` (RAML/v2/types/deployment.raml). */
export function toDeploymentJson(cluster: Cluster, deployment: Deployment): Json {
  return {
    id: deployment.id,
    version: deployment.version,
    affectedApps: [deployment.appId],
    affectedPods: [],
    steps: toPlanJson(deployment).steps,
    currentActions: [
      {
        action: deployment.steps[deployment.step],
        app: deployment.appId,
        readinessCheckResults: toReadinessJson(cluster.tasksOf(deployment.appId), deployment),
      },
    ],
    currentStep: deployment.step + 1,
    totalSteps: deployment.steps.length,
  };
}

/** Results exist only while the deployment runs that launched the tasks. */
export function toReadinessJson(tasks: readonly Task[], deployment: Deployment | undefined): Json[] {
  const isWatched = (task: Task) => deployment !== undefined && task.deploymentId === deployment.id;
  return tasks.filter(isWatched).flatMap((task) => {
    const [check] = task.spec.readinessChecks;
    if (check === undefined || task.ready === undefined) return [];
    const status = task.ready ? (check.httpStatusCodesForReady?.[0] ?? 200) : 503;
    return {
      name: check.name,
      taskId: taskIdOf(task),
      ready: task.ready,
      lastResponse: check.preserveLastResponse
        ? { status, contentType: 'application/json', body: JSON.stringify({ ready: task.ready }) }
        : undefined,
    };
  });
}
