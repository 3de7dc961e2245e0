import type { AppSpec } from '../../cluster/app.ts';
import type { HealthCheck } from '../../cluster/definition.ts';
import type { Json } from './json.ts';

/** The fields of an app that 0.8 to 1.4 have in common; unset values are `null` (MS/api/v2/json/Formats.scala). */
export function toAppBefore1_5(spec: AppSpec, writeCheck: (check: HealthCheck) => Json): Json {
  const { definition } = spec;
  return {
    id: spec.id,
    cmd: definition.cmd ?? null,
    args: definition.args ?? null,
    user: definition.user ?? null,
    env: spec.env,
    instances: spec.instances,
    cpus: definition.cpus ?? 1,
    mem: definition.mem ?? 128,
    disk: definition.disk ?? 0,
    executor: definition.executor ?? '',
    constraints: spec.constraints,
    uris: definition.uris ?? [],
    storeUrls: definition.storeUrls ?? [],
    backoffSeconds: definition.backoffSeconds ?? 1,
    backoffFactor: definition.backoffFactor ?? 1.15,
    maxLaunchDelaySeconds: definition.maxLaunchDelaySeconds ?? 3600,
    healthChecks: spec.healthChecks.map(writeCheck),
    dependencies: definition.dependencies ?? [],
    upgradeStrategy: spec.upgradeStrategy,
    labels: spec.labels,
    version: spec.version,
  };
}

/** `portDefinitions` from 1.0 to 1.4: those of a bridged app carry its service ports, and nothing else of the mappings. */
export function toPortDefinitions({ mode, portDefinitions, portMappings }: AppSpec): Json[] {
  if (mode !== 'host')
    return portMappings.map(({ servicePort }) => ({ port: servicePort, protocol: 'tcp', labels: {} }));
  return portDefinitions.map(({ port, protocol, name, labels }) => ({ port, protocol, name, labels }));
}
