import type { AppSpec } from '../../cluster/app.ts';
import type { HealthCheck } from '../../cluster/definition.ts';
import { type Json, orAbsent } from './json.ts';

/** Fields of an app that the simulator only passes on. */
const passedOn = [
  'args',
  'check',
  'dependencies',
  'fetch',
  'residency',
  'secrets',
  'taskKillGracePeriodSeconds',
  'tty',
  'user',
] as const;

/** The fields of an app that 1.5 to 1.11 have in common: absent values are left out (MS/raml/AppConversion.scala). */
export function toAppSince1_5(spec: AppSpec, writeCheck: (check: HealthCheck) => Json): Json {
  const { definition } = spec;
  const rest: Record<string, unknown> = {};
  for (const field of passedOn) if (definition[field] !== undefined) rest[field] = definition[field];
  return {
    id: spec.id,
    backoffFactor: definition.backoffFactor ?? 1.15,
    backoffSeconds: definition.backoffSeconds ?? 1,
    cmd: definition.cmd,
    constraints: orAbsent(spec.constraints),
    container: toContainer(spec),
    cpus: definition.cpus ?? 1,
    disk: definition.disk ?? 0,
    env: orAbsent(spec.env),
    executor: definition.executor ?? '',
    healthChecks: orAbsent(spec.healthChecks.map(writeCheck)),
    instances: spec.instances,
    labels: spec.labels,
    maxLaunchDelaySeconds: definition.maxLaunchDelaySeconds ?? 300,
    mem: definition.mem ?? 128,
    gpus: definition.gpus ?? 0,
    networks: spec.networks,
    portDefinitions: spec.mode === 'host' ? spec.portDefinitions.map(toPortDefinition) : undefined,
    readinessChecks: orAbsent(spec.readinessChecks),
    requirePorts: spec.requirePorts,
    upgradeStrategy: spec.upgradeStrategy,
    version: spec.version,
    versionInfo: spec.versionInfo,
    killSelection: spec.killSelection,
    unreachableStrategy: spec.unreachableStrategy,
    ...rest,
  };
}

function toPortDefinition(definition: AppSpec['portDefinitions'][number]): Json {
  return {
    port: definition.port,
    name: definition.name,
    protocol: definition.protocol,
    labels: orAbsent(definition.labels),
  };
}

/** The mappings are printed in bridge and container mode only. */
function toContainer({ container, mode, portMappings }: AppSpec): Json | undefined {
  if (container === undefined && mode === 'host') return undefined;
  const { portMappings: _, ...given } = container ?? {};
  return {
    type: 'MESOS',
    volumes: [],
    ...given,
    ...(mode === 'host' ? {} : { portMappings: portMappings.map(toMapping) }),
  };
}

function toMapping(mapping: AppSpec['portMappings'][number]): Json {
  return {
    containerPort: mapping.containerPort,
    hostPort: mapping.hostPort,
    labels: mapping.labels,
    name: mapping.name,
    networkNames: mapping.networkNames,
    protocol: mapping.protocol,
    servicePort: mapping.servicePort,
  };
}
