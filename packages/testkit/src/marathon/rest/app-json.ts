import { type AppSpec, isCheckedByMarathon } from '../cluster/app.ts';
import type { HealthCheck } from '../cluster/definition.ts';
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

/** An app without embedded parts, as 1.5 to 1.11 print it: absent values are left out (MS/raml/AppConversion.scala). */
export function toAppJson(spec: AppSpec): Json {
  const { definition } = spec;
  const rest: Record<string, unknown> = {};
  for (const field of passedOn) if (definition[field] !== undefined) rest[field] = definition[field];
  return {
    id: spec.id,
    acceptedResourceRoles: definition.acceptedResourceRoles ?? ['*'],
    backoffFactor: definition.backoffFactor ?? 1.15,
    backoffSeconds: definition.backoffSeconds ?? 1,
    cmd: definition.cmd,
    constraints: orAbsent(spec.constraints),
    container: toContainerJson(spec),
    cpus: definition.cpus ?? 1,
    disk: definition.disk ?? 0,
    env: orAbsent(spec.env),
    executor: definition.executor ?? '',
    healthChecks: orAbsent(spec.healthChecks.map(toHealthCheckJson)),
    instances: spec.instances,
    labels: spec.labels,
    maxLaunchDelaySeconds: definition.maxLaunchDelaySeconds ?? 300,
    mem: definition.mem ?? 128,
    gpus: definition.gpus ?? 0,
    networks: spec.networks,
    portDefinitions: spec.mode === 'host' ? spec.portDefinitions.map(toPortDefinitionJson) : undefined,
    readinessChecks: orAbsent(spec.readinessChecks),
    requirePorts: spec.requirePorts,
    upgradeStrategy: spec.upgradeStrategy,
    version: spec.version,
    versionInfo: spec.versionInfo,
    killSelection: spec.killSelection,
    unreachableStrategy: spec.unreachableStrategy,
    role: spec.role,
    ...rest,
  };
}

function toPortDefinitionJson(definition: AppSpec['portDefinitions'][number]): Json {
  return {
    port: definition.port,
    name: definition.name,
    protocol: definition.protocol,
    labels: orAbsent(definition.labels),
  };
}

/** The mappings are printed in bridge and container mode only. */
function toContainerJson({ container, mode, portMappings }: AppSpec): Json | undefined {
  if (container === undefined && mode === 'host') return undefined;
  const { portMappings: _, ...given } = container ?? {};
  return {
    type: 'MESOS',
    volumes: [],
    ...given,
    ...(mode === 'host' ? {} : { portMappings: portMappings.map(toMappingJson) }),
  };
}

function toMappingJson(mapping: AppSpec['portMappings'][number]): Json {
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

/** Marathon prints no path for a TCP check, and `ignoreHttp1xx` only for the checks that it makes itself. */
export function toHealthCheckJson(check: HealthCheck): Json {
  const { ignoreHttp1xx, ...rest } = check;
  return isCheckedByMarathon(check) && ignoreHttp1xx !== undefined ? { ...rest, ignoreHttp1xx } : rest;
}
