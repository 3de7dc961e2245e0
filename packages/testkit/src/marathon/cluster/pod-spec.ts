import type { AppSpec, StoredPortMapping } from './app.ts';
import type { HealthCheck, NetworkMode } from './definition.ts';
import type { PodContainer, PodDefinition, PodEndpoint, PodHealthCheck } from './pod-definition.ts';

/**
 * A pod as the scheduler takes it: like an app whose ports are the endpoints of all containers, in order, and whose checks are those of the
 * containers that have one, in order.
 */
export function toPodSpec(pod: PodDefinition, versions: Pick<AppSpec, 'version' | 'versionInfo'>): AppSpec {
  const networks = pod.networks?.length ? pod.networks : [{ mode: 'host' as const }];
  const mode: NetworkMode = networks[0]?.mode ?? 'container';
  const endpoints = pod.containers.flatMap((container) => container.endpoints ?? []);
  return {
    id: pod.id,
    ...versions,
    instances: pod.scaling?.instances ?? 1,
    mode,
    networks: networks.map((network) => ({ ...network, mode: network.mode ?? 'container' })),
    ipPerTask: false,
    portDefinitions: [],
    portMappings: endpoints.map(toMapping),
    container: undefined,
    requirePorts: false,
    labels: pod.labels ?? {},
    env: Object.fromEntries(Object.entries(pod.environment ?? {}).map(([name, value]) => [name, String(value)])),
    constraints: [],
    healthChecks: checkedContainers(pod).map(({ healthCheck }) => toHealthCheck(healthCheck, endpoints)),
    readinessChecks: [],
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1, ...pod.scheduling?.upgrade },
    unreachableStrategy: pod.scheduling?.unreachableStrategy ?? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    killSelection: pod.scheduling?.killSelection ?? 'YOUNGEST_FIRST',
    role: pod.role ?? '*',
    definition: { id: pod.id },
    pod,
  };
}

/** The containers that the results of an instance are of, in their order. */
export function checkedContainers(pod: PodDefinition): (PodContainer & { readonly healthCheck: PodHealthCheck })[] {
  return pod.containers.flatMap((container) => {
    const { healthCheck } = container;
    return healthCheck === undefined ? [] : [{ ...container, healthCheck }];
  });
}

function toMapping({ name, containerPort = 0, hostPort, protocol, labels }: PodEndpoint): StoredPortMapping {
  const isUdp = protocol?.length === 1 && protocol[0] === 'udp';
  return {
    name,
    containerPort,
    ...(hostPort === undefined ? {} : { hostPort }),
    servicePort: 0,
    protocol: isUdp ? 'udp' : 'tcp',
    labels: labels ?? {},
  };
}

function toHealthCheck(check: PodHealthCheck, endpoints: readonly PodEndpoint[]): HealthCheck {
  const { gracePeriodSeconds = 300, maxConsecutiveFailures = 3 } = check;
  const target = check.http?.endpoint ?? check.tcp?.endpoint;
  const portIndex = endpoints.findIndex(({ name }) => name === target);
  return {
    protocol: check.http ? 'MESOS_HTTP' : check.tcp ? 'MESOS_TCP' : 'COMMAND',
    ...(check.http ? { path: check.http.path ?? '/' } : {}),
    ...(portIndex === -1 ? {} : { portIndex }),
    gracePeriodSeconds,
    maxConsecutiveFailures,
  };
}
