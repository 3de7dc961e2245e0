import { isDeepStrictEqual } from 'node:util';
import { SimulatorError } from '../error.ts';
import type { App } from './app.ts';
import type { Cluster } from './cluster.ts';
import type { Deployment } from './deployment.ts';
import type { PodDefinition } from './pod-definition.ts';
import { toPodSpec } from './pod-spec.ts';
import { releaseLock } from './start-deployment.ts';
import { type ChangeRequest, nextVersion, storeDeletion, storeNew, storeNext } from './store-version.ts';
import { validatePod } from './validate-pod.ts';

export function createPod(cluster: Cluster, pod: PodDefinition, request: ChangeRequest): Deployment {
  validatePod(pod);
  if (cluster.apps.has(pod.id)) {
    throw new SimulatorError('APP_EXISTS', `An app or a pod with id [${pod.id}] already exists.`);
  }
  releaseLock(cluster, pod.id, request.force);
  const deployment = storeNew(cluster, toPodSpec(pod, nextVersion(cluster, undefined, true)));
  return tellChange(cluster, 'created', deployment, request);
}

/** Changes fields of a pod. */
export function updatePod(
  cluster: Cluster,
  podId: string,
  change: Partial<PodDefinition>,
  request: ChangeRequest,
): Deployment {
  return replacePod(cluster, { ...requirePod(cluster, podId).spec.pod, ...change, id: podId }, request);
}

/** Gives a pod another definition; instances are replaced if anything but their number differs. */
export function replacePod(cluster: Cluster, pod: PodDefinition, request: ChangeRequest): Deployment {
  const app = requirePod(cluster, pod.id);
  const before = app.spec.pod;
  validatePod(pod);
  releaseLock(cluster, pod.id, request.force);
  const restarts = !isDeepStrictEqual({ ...pod, scaling: undefined }, { ...before, scaling: undefined });
  const spec = toPodSpec(pod, nextVersion(cluster, app.spec, restarts));
  return tellChange(cluster, 'updated', storeNext(cluster, app, spec, restarts), request);
}

export function deletePod(cluster: Cluster, podId: string, request: ChangeRequest): Deployment {
  const { spec } = requirePod(cluster, podId);
  releaseLock(cluster, podId, request.force);
  return tellChange(cluster, 'deleted', storeDeletion(cluster, spec), request);
}

export function requirePod(cluster: Cluster, podId: string): App & { readonly spec: { readonly pod: PodDefinition } } {
  const app = cluster.apps.get(podId);
  if (app?.spec.pod === undefined) throw new SimulatorError('POD_UNKNOWN', `Pod '${podId}' does not exist`);
  return app as App & { readonly spec: { readonly pod: PodDefinition } };
}

function tellChange(
  cluster: Cluster,
  change: 'created' | 'updated' | 'deleted',
  deployment: Deployment,
  { clientIp, uri }: ChangeRequest,
): Deployment {
  cluster.publish({ type: 'pod-posted', change, clientIp, uri });
  cluster.publish({ type: 'group-changed', groupId: deployment.appId, version: deployment.version });
  return deployment;
}
