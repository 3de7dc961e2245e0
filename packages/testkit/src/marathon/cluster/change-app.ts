import { isDeepStrictEqual } from 'node:util';
import { SimulatorError } from '../error.ts';
import type { App, AppSpec } from './app.ts';
import { toAppSpec } from './app-spec.ts';
import type { Cluster } from './cluster.ts';
import type { AppDefinition } from './definition.ts';
import type { Deployment } from './deployment.ts';
import { assignServicePorts } from './service-ports.ts';
import { releaseLock } from './start-deployment.ts';
import { type ChangeRequest, nextVersion, storeDeletion, storeNew, storeNext } from './store-version.ts';
import { validateDefinition } from './validate-definition.ts';

export function createApp(cluster: Cluster, given: AppDefinition, request: ChangeRequest): Deployment {
  const { rules } = cluster.settings;
  const definition = rules.readDefinition(given);
  validateDefinition(definition);
  if (cluster.apps.has(definition.id)) {
    throw new SimulatorError('APP_EXISTS', `An app with id [${definition.id}] already exists.`);
  }
  releaseLock(cluster, definition.id, request.force);
  const versions = nextVersion(cluster, undefined, true);
  const spec = withServicePorts(cluster, toAppSpec(definition, versions, rules), undefined);
  return tellChange(cluster, spec, storeNew(cluster, spec), request);
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
  const { spec } = requireApp(cluster, appId);
  releaseLock(cluster, appId, request.force);
  const deployment = storeDeletion(cluster, spec);
  cluster.publish({ type: 'group-changed', groupId: appId, version: deployment.version });
  return deployment;
}

export function requireApp(cluster: Cluster, appId: string): App {
  const app = cluster.apps.get(appId);
  if (app === undefined || app.spec.pod !== undefined) {
    throw new SimulatorError('APP_UNKNOWN', `App '${appId}' does not exist`);
  }
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
  const versions = nextVersion(cluster, app.spec, restarts);
  const spec = withServicePorts(cluster, toAppSpec(definition, versions, cluster.settings.rules), app.spec);
  return tellChange(cluster, spec, storeNext(cluster, app, spec, restarts), request);
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
