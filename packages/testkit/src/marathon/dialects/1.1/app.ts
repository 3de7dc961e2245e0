import { type AppSpec, servicePortsOf } from '../../cluster/app.ts';
import { toAppBefore1_5, toPortDefinitions } from '../shared/app-before-1.5.ts';
import { toContainerBefore1_5, toIpAddress } from '../shared/container-before-1.5.ts';
import { toHealthCheckBefore1_5 } from '../shared/health-check.ts';
import type { Json } from '../shared/json.ts';

/** An app as 1.0 to 1.2 print it: with port definitions in every mode, and an IP per task. */
export function toApp(spec: AppSpec): Json {
  return {
    ...toAppBefore1_5(spec, toHealthCheckBefore1_5),
    ports: servicePortsOf(spec),
    portDefinitions: spec.ipPerTask ? [] : toPortDefinitions(spec),
    requirePorts: spec.requirePorts,
    container: toContainerBefore1_5(spec, { namesPorts: true }),
    ipAddress: toIpAddress(spec, { namesNetwork: false }),
    acceptedResourceRoles: spec.definition.acceptedResourceRoles ?? null,
    fetch: spec.definition.fetch ?? [],
    readinessChecks: spec.readinessChecks,
    residency: spec.definition.residency ?? null,
    versionInfo: spec.versionInfo,
  };
}
