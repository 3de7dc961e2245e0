import type { HealthCheck } from '@signalbox/core';
import {
  arrayOf,
  isObject,
  type JsonObject,
  labelsOf,
  numberOf,
  objectOf,
  portOf,
  ShapeError,
  strictArrayOf,
  textOf,
} from '../mapping/read-fields.ts';
import type { ContainerCheck, PodDefinition, PodEndpoint } from './pod.ts';

/**
 * The definition of a pod (`RAML/v2/types/pod.raml`), as `spec` of its status or from `/v2/pods/{id}::versions/{version}`.
 *
 * @throws {ShapeError} when it cannot be one.
 */
export function parsePodDefinition(value: unknown): PodDefinition {
  if (!isObject(value)) throw new ShapeError('a pod has no definition');
  const containers = strictArrayOf(value.containers, 'containers').map((container) => {
    if (!isObject(container) || textOf(container.name) === undefined) throw new ShapeError('a container has no name');
    return container;
  });
  return {
    version: textOf(value.version) ?? '',
    instances: numberOf(objectOf(value.scaling)?.instances) ?? 1,
    mode: modeOf(value),
    labels: labelsOf(value.labels),
    endpoints: containers.flatMap(endpointsOf),
    containers: new Map(containers.map((container) => [textOf(container.name) ?? '', checkOf(container)])),
  };
}

function modeOf(value: JsonObject): PodDefinition['mode'] {
  const network = arrayOf(value.networks).find(isObject);
  if (network === undefined) return 'host';
  const mode = textOf(network.mode) ?? 'container';
  if (mode === 'host' || mode === 'container' || mode === 'container/bridge') return mode;
  throw new ShapeError(`the network mode "${mode}" is not known`);
}

function endpointsOf(container: JsonObject): PodEndpoint[] {
  return strictArrayOf(container.endpoints, 'endpoints').map((endpoint) => {
    const fields = objectOf(endpoint);
    const name = textOf(fields?.name);
    if (fields === undefined || name === undefined) throw new ShapeError('an endpoint has no name');
    const words = arrayOf(fields.protocol).map((word) => String(word).toLowerCase());
    const healthCheck = healthCheckFor(name, objectOf(container.healthCheck));
    const kind = healthCheck?.kind === 'tcp' ? undefined : healthCheck?.kind;
    return {
      name,
      container: textOf(container.name) ?? '',
      protocols: protocolsOf(words),
      appProtocol: kind ?? [...words, name].find((word) => word === 'http' || word === 'https'),
      containerPort: numberOf(fields.containerPort),
      fixedHostPort: portOf(fields.hostPort),
      networkNames: arrayOf(fields.networkNames).filter((network) => typeof network === 'string'),
      labels: labelsOf({ ...labelsOf(container.labels), ...labelsOf(fields.labels) }),
      healthCheck,
    };
  });
}

/** A list of free names, of which only these two say how packets travel; `http` means TCP. */
function protocolsOf(words: readonly string[]): readonly ('tcp' | 'udp')[] {
  if (!words.includes('udp')) return ['tcp'];
  return words.some((word) => word !== 'udp') ? ['tcp', 'udp'] : ['udp'];
}

/** The check that a proxy can repeat for this endpoint. Defaults are those of `RAML/v2/types/healthCheck.raml`. */
function healthCheckFor(name: string, check: JsonObject | undefined): HealthCheck | undefined {
  const http = objectOf(check?.http);
  const target = http ?? objectOf(check?.tcp);
  if (check === undefined || target?.endpoint !== name) return undefined;
  const times = {
    intervalMs: (numberOf(check.intervalSeconds) ?? 60) * 1_000,
    timeoutMs: (numberOf(check.timeoutSeconds) ?? 20) * 1_000,
  };
  const failures = numberOf(check.maxConsecutiveFailures) ?? 3;
  const limits = { ...times, ...(failures > 0 && { failures }) };
  if (http === undefined) return { kind: 'tcp', ...limits };
  const path = textOf(http.path) ?? '/';
  return {
    kind: textOf(http.scheme)?.toUpperCase() === 'HTTPS' ? 'https' : 'http',
    path: path.startsWith('/') ? path : `/${path}`,
    ...limits,
  };
}

function checkOf(container: JsonObject): ContainerCheck {
  const check = objectOf(container.healthCheck);
  const gracePeriodMs = (numberOf(check?.gracePeriodSeconds) ?? 300) * 1_000;
  if (check === undefined) return { judges: 'nothing', gracePeriodMs };
  const endpoint = textOf((objectOf(check.http) ?? objectOf(check.tcp))?.endpoint);
  return { judges: endpoint === undefined ? 'everything' : { endpoint }, gracePeriodMs };
}
