import { SimulatorError } from '../error.ts';
import type { Cluster } from './cluster.ts';
import type { ActionName, Deployment } from './deployment.ts';

/** Refuses a change of an app that a deployment holds, or cancels that deployment if the change is forced. */
export function releaseLock(cluster: Cluster, appId: string, force: boolean): void {
  const holder = cluster.deployments.get(appId);
  if (holder === undefined) return;
  if (!force) {
    throw new SimulatorError(
      'APP_LOCKED',
      "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
      { deployments: [holder.id] },
    );
  }
  cluster.deployments.delete(appId);
  cluster.publish({ type: 'deployment-failed', deployment: holder, reason: 'deployment was canceled' });
}

/** Starts a deployment; what it does begins after the caller has told everything else. */
export function startDeployment(
  cluster: Cluster,
  appId: string,
  version: string,
  steps: readonly ActionName[],
): Deployment {
  const deployment: Deployment = { id: cluster.settings.random.ids.uuid(), appId, version, steps, step: 0 };
  cluster.deployments.set(appId, deployment);
  cluster.publish({ type: 'deployment-step-started', deployment });
  cluster.touch(appId);
  return deployment;
}
