import { isCheckedByMarathon } from '../../cluster/app.ts';
import type { HealthCheck } from '../../cluster/definition.ts';
import type { Json } from './json.ts';

/** Marathon prints no path for a TCP check, and `ignoreHttp1xx` only for the checks that it makes itself. */
export function toHealthCheck(check: HealthCheck): Json {
  const { ignoreHttp1xx, ...rest } = check;
  return isCheckedByMarathon(check) && ignoreHttp1xx !== undefined ? { ...rest, ignoreHttp1xx } : rest;
}

/** Without `ipProtocol`, which came with 1.6. */
export function toHealthCheckOf1_5(check: HealthCheck): Json {
  const { ipProtocol: _, ...rest } = toHealthCheck(check);
  return rest;
}

/** Without `delaySeconds`, which came with 1.5. */
export function toHealthCheckBefore1_5(check: HealthCheck): Json {
  const { delaySeconds: _, ...rest } = toHealthCheckOf1_5(check);
  return rest;
}
