import { SimulatorError } from '../error.ts';
import type { AppSpec } from './app.ts';
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

export interface DeployedChange {
  readonly appId: string;
  readonly version: string;
  readonly steps: readonly ActionName[];
  /** The app before the change, which is already made; undefined for a new one. */
  readonly before: AppSpec | undefined;
}

/** Starts a deployment; what it does begins after the caller has told everything else. */
export function startDeployment(cluster: Cluster, change: DeployedChange): Deployment {
  const { appId, version, steps, before } = change;
  const id = cluster.settings.random.ids.uuid();
  const isPod = (cluster.apps.get(appId)?.spec ?? before)?.pod !== undefined;
  const deployment: Deployment = { id, appId, isPod, version, steps, ...toGroups(cluster, appId, before), step: 0 };
  cluster.deployments.set(appId, deployment);
  cluster.publish({ type: 'deployment-step-started', deployment });
  cluster.touch(appId);
  return deployment;
}

function toGroups(
  cluster: Cluster,
  appId: string,
  before: AppSpec | undefined,
): Pick<Deployment, 'original' | 'target'> {
  if (!cluster.settings.rules.plansHoldApps) return { original: [], target: [] };
  const target = cluster.listApps().map((app) => app.spec);
  const others = target.filter((spec) => spec.id !== appId);
  const isNew = before === undefined || before.pod !== undefined;
  return { original: isNew ? others : [...others, before], target };
}
