import { isDeepStrictEqual } from 'node:util';
import { SimulatorError } from '../error.ts';
import type { App, AppSpec } from './app.ts';
import { toAppSpec } from './app-spec.ts';
import type { Cluster } from './cluster.ts';
import type { AppDefinition } from './definition.ts';
import type { ActionName, Deployment } from './deployment.ts';
import { assignServicePorts } from './service-ports.ts';
import { releaseLock, startDeployment } from './start-deployment.ts';
import { validateDefinition } from './validate-definition.ts';

/** How many versions of an app are kept (`zk_max_versions`). */
const keptVersions = 50;

/** Who asked for a change, for the event that tells of it. */
export interface ChangeRequest {
  readonly clientIp: string;
  readonly uri: string;
  /** Cancels a deployment that is under way. */
  readonly force: boolean;
}

export function createApp(cluster: Cluster, given: AppDefinition, request: ChangeRequest): Deployment {
  const { rules } = cluster.settings;
  const definition = rules.readDefinition(given);
  validateDefinition(definition);
  if (cluster.apps.has(definition.id)) {
    throw new SimulatorError('APP_EXISTS', `An app with id [${definition.id}] already exists.`);
  }
  releaseLock(cluster, definition.id, request.force);
  const version = cluster.settings.clock.nextVersion();
  const spec = withServicePorts(
    cluster,
    toAppSpec(definition, { version, versionInfo: { lastScalingAt: version, lastConfigChangeAt: version } }, rules),
    undefined,
  );
  const app: App = { spec, versions: new Map([[version, spec]]), lastTaskFailure: undefined };
  const steps: ActionName[] = ['StartApplication', ...(spec.instances > 0 ? ['ScaleApplication' as const] : [])];
  cluster.apps.set(spec.id, app);
  return tellChange(
    cluster,
    spec,
    startDeployment(cluster, { appId: spec.id, version, steps, before: undefined }),
    request,
  );
}

/** Changes an app; tasks are replaced if anything but the number of instances differs. */
export function updateApp(
  cluster: Cluster,
  appId: string,
  change: Partial<AppDefinition>,
  request: ChangeRequest,
): Deployment {
  const app = requireApp(cluster, appId);
  const definition = cluster.settings.rules.readDefinition({ ...app.spec.definition, ...change, id: appId });
  const { instances: _, ...configuration } = definition;
  const { instances: __, ...configurationBefore } = app.spec.definition;
  const restarts = !isDeepStrictEqual(configuration, configurationBefore);
  return storeVersion(cluster, app, definition, restarts, request);
}

/** Replaces all tasks of an app without a change. */
export function restartApp(cluster: Cluster, appId: string, request: ChangeRequest): Deployment {
  const app = requireApp(cluster, appId);
  return storeVersion(cluster, app, app.spec.definition, true, request);
}

export function deleteApp(cluster: Cluster, appId: string, request: ChangeRequest): Deployment {
  const before = requireApp(cluster, appId).spec;
  releaseLock(cluster, appId, request.force);
  const version = cluster.settings.clock.nextVersion();
  cluster.apps.delete(appId);
  const deployment = startDeployment(cluster, { appId, version, steps: ['StopApplication'], before });
  cluster.publish({ type: 'group-changed', groupId: appId, version });
  return deployment;
}

export function requireApp(cluster: Cluster, appId: string): App {
  const app = cluster.apps.get(appId);
  if (app === undefined) throw new SimulatorError('APP_UNKNOWN', `App '${appId}' does not exist`);
  return app;
}

function storeVersion(
  cluster: Cluster,
  app: App,
  definition: AppDefinition,
  restarts: boolean,
  request: ChangeRequest,
): Deployment {
  validateDefinition(definition);
  releaseLock(cluster, app.spec.id, request.force);
  const version = cluster.settings.clock.nextVersion();
  const versionInfo = {
    lastScalingAt: version,
    lastConfigChangeAt: restarts ? version : app.spec.versionInfo.lastConfigChangeAt,
  };
  const before = app.spec;
  const spec = withServicePorts(
    cluster,
    toAppSpec(definition, { version, versionInfo }, cluster.settings.rules),
    before,
  );
  app.spec = spec;
  app.versions.set(version, spec);
  for (const oldest of [...app.versions.keys()].slice(0, -keptVersions)) app.versions.delete(oldest);
  const steps: ActionName[] = [restarts || hasOldTasks(cluster, spec) ? 'RestartApplication' : 'ScaleApplication'];
  return tellChange(cluster, spec, startDeployment(cluster, { appId: spec.id, version, steps, before }), request);
}

/** A rolling restart that was cancelled half way must be finished by the next deployment. */
function hasOldTasks(cluster: Cluster, spec: AppSpec): boolean {
  const { lastConfigChangeAt } = spec.versionInfo;
  return cluster.tasksOf(spec.id).some((task) => task.wanted && task.spec.version < lastConfigChangeAt);
}

function withServicePorts(cluster: Cluster, spec: AppSpec, before: AppSpec | undefined): AppSpec {
  const others = [...cluster.apps.values()].map((other) => other.spec).filter((other) => other.id !== spec.id);
  return assignServicePorts(spec, before, others);
}

function tellChange(cluster: Cluster, spec: AppSpec, deployment: Deployment, request: ChangeRequest): Deployment {
  cluster.publish({ type: 'app-posted', spec, clientIp: request.clientIp, uri: request.uri });
  cluster.publish({ type: 'group-changed', groupId: spec.id, version: spec.version });
  return deployment;
}
