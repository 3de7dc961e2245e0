import { type AppSpec, servicePortsOf } from '../../cluster/app.ts';
import { toAppBefore1_5, toPortDefinitions } from '../shared/app-before-1.5.ts';
import { toContainerBefore1_5, toIpAddress } from '../shared/container-before-1.5.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import type { Json } from '../shared/json.ts';

/** An app as 1.4 prints it. One with `ipAddress` has no `ports`, `portDefinitions` and `requirePorts` at all (MS/api/v2/json/Formats.scala). */
export function toApp(spec: AppSpec): Json {
  const { definition } = spec;
  const ports = {
    ports: servicePortsOf(spec),
    portDefinitions: toPortDefinitions(spec),
    requirePorts: spec.requirePorts,
  };
  return {
    ...toAppBefore1_5(spec, toHealthCheckBefore1_5),
    gpus: definition.gpus ?? 0,
    fetch: definition.fetch ?? [],
    ...(definition.acceptedResourceRoles === undefined
      ? {}
      : { acceptedResourceRoles: definition.acceptedResourceRoles }),
    container: toContainerBefore1_5(spec, { namesPorts: true }),
    readinessChecks: spec.readinessChecks,
    ipAddress: toIpAddress(spec, { namesNetwork: true }),
    residency: definition.residency ?? null,
    secrets: definition.secrets ?? {},
    taskKillGracePeriodSeconds: definition.taskKillGracePeriodSeconds ?? null,
    unreachableStrategy: spec.unreachableStrategy,
    killSelection: spec.killSelection,
    ...(spec.mode === 'container' ? {} : ports),
    versionInfo: spec.versionInfo,
  };
}
