import type { AppSpec } from '../../cluster/app.ts';
import type { PodContainer } from '../../cluster/pod-definition.ts';
import type { Json } from './json.ts';

/** A pod with what Marathon fills in, as 1.4 to 1.8 print it (RAML/v2/types/pod.raml). */
export function toPod(spec: AppSpec): Json {
  const { containers = [], scheduling, labels, ...given } = spec.pod ?? {};
  return {
    ...given,
    id: spec.id,
    ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
    version: spec.version,
    containers: containers.map(toContainer),
    networks: spec.networks,
    scaling: { kind: 'fixed', instances: spec.instances },
    scheduling: {
      backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
      placement: { constraints: [], acceptedResourceRoles: [] },
      ...scheduling,
      upgrade: spec.upgradeStrategy,
      killSelection: spec.killSelection,
      unreachableStrategy: spec.unreachableStrategy,
    },
  };
}

/** With the role, since 1.9. */
export function toPodSince1_9(spec: AppSpec): Json {
  return { executorResources: { cpus: 0.1, mem: 32, disk: 10 }, ...toPod(spec), role: spec.role };
}

function toContainer(container: PodContainer): Json {
  const { endpoints, healthCheck } = container;
  const scheme = healthCheck?.http?.scheme ?? 'HTTP';
  return {
    resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
    ...container,
    ...(endpoints ? { endpoints: endpoints.map((endpoint) => ({ protocol: ['tcp'], ...endpoint })) } : {}),
    ...(healthCheck
      ? {
          healthCheck: {
            gracePeriodSeconds: 300,
            intervalSeconds: 60,
            maxConsecutiveFailures: 3,
            timeoutSeconds: 20,
            delaySeconds: 15,
            ...healthCheck,
            ...(healthCheck.http ? { http: { path: '/', ...healthCheck.http, scheme } } : {}),
          },
        }
      : {}),
  };
}
