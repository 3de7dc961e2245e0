import type { AppSpec, StoredPortMapping } from './app.ts';
import type { ClusterRules } from './cluster-rules.ts';
import type { AppDefinition, HealthCheck, NetworkMode, PortMapping, ReadinessCheck } from './definition.ts';

/** Fills in a definition what Marathon 1.10 fills in. Service ports that are left to Marathon are still 0. */
export function toAppSpec(
  definition: AppDefinition,
  versions: Pick<AppSpec, 'version' | 'versionInfo'>,
  rules: Pick<ClusterRules, 'ipPerTask'>,
): AppSpec {
  const networks = definition.networks?.length ? definition.networks : [{ mode: 'host' as const }];
  // A network without a mode is a container network (RAML network.raml).
  const mode: NetworkMode = networks[0]?.mode ?? 'container';
  const ipPerTask =
    mode === 'container' &&
    (rules.ipPerTask === 'always' || (rules.ipPerTask === 'without-docker' && definition.container?.type !== 'DOCKER'));
  return {
    id: definition.id,
    ...versions,
    instances: definition.instances ?? 1,
    mode,
    networks: networks.map((network) => ({ ...network, mode: network.mode ?? 'container' })),
    ipPerTask,
    portDefinitions: mode === 'host' ? toPortDefinitions(definition) : [],
    portMappings: mode === 'host' ? [] : toPortMappings(definition, mode, ipPerTask),
    container: definition.container,
    requirePorts: definition.requirePorts ?? false,
    labels: definition.labels ?? {},
    env: definition.env ?? {},
    constraints: definition.constraints ?? [],
    healthChecks: (definition.healthChecks ?? []).map(toHealthCheck),
    readinessChecks: (definition.readinessChecks ?? []).map(toReadinessCheck),
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1, ...definition.upgradeStrategy },
    // 0/0 is the default since 1.5.2 (MS/state/UnreachableStrategy.scala).
    unreachableStrategy: definition.unreachableStrategy ?? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    killSelection: definition.killSelection ?? 'YOUNGEST_FIRST',
    role: definition.role ?? '*',
    definition,
  };
}

function toPortDefinitions(definition: AppDefinition): AppSpec['portDefinitions'] {
  const given = definition.portDefinitions ?? [{ port: 0, name: 'default' }];
  return given.map(({ port, name, protocol, labels }) => ({
    port,
    name,
    protocol: protocol ?? 'tcp',
    labels: labels ?? {},
  }));
}

function toPortMappings(definition: AppDefinition, mode: NetworkMode, ipPerTask: boolean): StoredPortMapping[] {
  const given: readonly PortMapping[] = definition.container?.portMappings ?? [{ containerPort: 0, name: 'default' }];
  return given.map(({ hostPort, ...mapping }) => ({
    ...mapping,
    ...(hostPort === undefined || ipPerTask ? {} : { hostPort }),
    // Only bridge mode gives every mapping a port on the agent (MS/raml/ContainerConversion.scala).
    ...(mode === 'container/bridge' ? { hostPort: hostPort ?? 0 } : {}),
    labels: mapping.labels ?? {},
    protocol: mapping.protocol ?? 'tcp',
    servicePort: ipPerTask ? 0 : (mapping.servicePort ?? 0),
  }));
}

function toHealthCheck(check: HealthCheck): HealthCheck {
  const protocol = check.protocol ?? 'HTTP';
  const needsPort = check.port === undefined && protocol !== 'COMMAND';
  return {
    gracePeriodSeconds: 300,
    intervalSeconds: 60,
    timeoutSeconds: 20,
    maxConsecutiveFailures: 3,
    ...(needsPort ? { portIndex: 0 } : {}),
    ...(protocol.endsWith('TCP') || protocol === 'COMMAND' ? {} : { path: '/' }),
    ...(protocol === 'HTTP' || protocol === 'HTTPS' ? { ignoreHttp1xx: false } : {}),
    ipProtocol: 'IPv4',
    delaySeconds: 15,
    ...check,
    protocol,
  };
}

function toReadinessCheck(check: ReadinessCheck): ReadinessCheck {
  return {
    name: 'readinessCheck',
    protocol: 'HTTP',
    path: '/',
    portName: 'http-api',
    intervalSeconds: 30,
    timeoutSeconds: 10,
    httpStatusCodesForReady: [200],
    preserveLastResponse: false,
    ...check,
  };
}
