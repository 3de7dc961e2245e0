import type { App, AppSpec } from './app.ts';
import type { Cluster } from './cluster.ts';
import type { ActionName, Deployment } from './deployment.ts';
import { startDeployment } from './start-deployment.ts';

/** How many versions of an app are kept (`zk_max_versions`). */
const keptVersions = 50;

/** Who asked for a change, for the event that tells of it. */
export interface ChangeRequest {
  readonly clientIp: string;
  readonly uri: string;
  /** Cancels a deployment that is under way. */
  readonly force: boolean;
}

/** Stores the first version of an app or of a pod, and deploys it. */
export function storeNew(cluster: Cluster, spec: AppSpec): Deployment {
  const { id, version } = spec;
  const steps: ActionName[] = ['StartApplication', ...(spec.instances > 0 ? ['ScaleApplication' as const] : [])];
  cluster.apps.set(id, { spec, versions: new Map([[version, spec]]), lastTaskFailure: undefined });
  return startDeployment(cluster, { appId: id, version, steps, before: undefined });
}

/** Stores the next version of an app or of a pod, and deploys it. */
export function storeNext(cluster: Cluster, app: App, spec: AppSpec, restarts: boolean): Deployment {
  const before = app.spec;
  app.spec = spec;
  app.versions.set(spec.version, spec);
  for (const oldest of [...app.versions.keys()].slice(0, -keptVersions)) app.versions.delete(oldest);
  const steps: ActionName[] = [restarts || hasOldTasks(cluster, spec) ? 'RestartApplication' : 'ScaleApplication'];
  return startDeployment(cluster, { appId: spec.id, version: spec.version, steps, before });
}

/** The time of the next version, and what else changes with it. */
export function nextVersion(
  cluster: Cluster,
  before: AppSpec | undefined,
  restarts: boolean,
): Pick<AppSpec, 'version' | 'versionInfo'> {
  const version = cluster.settings.clock.nextVersion();
  const lastConfigChangeAt = restarts || before === undefined ? version : before.versionInfo.lastConfigChangeAt;
  return { version, versionInfo: { lastScalingAt: version, lastConfigChangeAt } };
}

/** Forgets an app or a pod, and deploys the end of its tasks. */
export function storeDeletion(cluster: Cluster, before: AppSpec): Deployment {
  const { id: appId } = before;
  const version = cluster.settings.clock.nextVersion();
  cluster.apps.delete(appId);
  return startDeployment(cluster, { appId, version, steps: ['StopApplication'], before });
}

/** A rolling restart that was cancelled half way must be finished by the next deployment. */
function hasOldTasks(cluster: Cluster, spec: AppSpec): boolean {
  const { lastConfigChangeAt } = spec.versionInfo;
  return cluster.tasksOf(spec.id).some((task) => task.wanted && task.spec.version < lastConfigChangeAt);
}
