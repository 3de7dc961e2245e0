import {
  arrayOf,
  isObject,
  type JsonObject,
  portOf,
  ShapeError,
  strictArrayOf,
  textOf,
} from '../mapping/read-fields.ts';
import { parsePodDefinition } from './parse-definition.ts';
import type { EndpointStatus, Pod, PodContainer, PodInstance } from './pod.ts';

/**
 * One element of `/v2/pods/::status`.
 *
 * @throws {ShapeError} when it cannot be a pod.
 */
export function parsePod(value: unknown): Pod {
  const id = podIdOf(value);
  if (!isObject(value) || id === undefined) throw new ShapeError('a pod has no id');
  const instances = strictArrayOf(value.instances, 'instances').map(parseInstance);
  // Marathon's order is that of a hash map; a stable one keeps an unchanged service equal.
  instances.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  const tasks = new Map(
    instances.flatMap(({ containers }) => containers.map((container) => [container.id, container])),
  );
  return { id, definition: parsePodDefinition(value.spec), instances, tasks };
}

/** The id even of a pod whose other parts cannot be read. */
export function podIdOf(value: unknown): string | undefined {
  const id = isObject(value) ? textOf(value.id) : undefined;
  return id?.startsWith('/') ? id : undefined;
}

function parseInstance(value: unknown): PodInstance {
  const id = isObject(value) ? textOf(value.id) : undefined;
  if (!isObject(value) || id === undefined) throw new ShapeError('an instance has no id');
  const version = /::versions\/(.+)$/.exec(textOf(value.specReference) ?? '')?.[1];
  return {
    id,
    host: textOf(value.agentHostname),
    version,
    region: textOf(value.agentRegion),
    zone: textOf(value.agentZone),
    networks: arrayOf(value.networks)
      .filter(isObject)
      .map((network) => ({
        name: textOf(network.name),
        addresses: arrayOf(network.addresses).flatMap((address) => textOf(address) ?? []),
      })),
    containers: strictArrayOf(value.containers, 'containers').map((container) => {
      if (!isObject(container)) throw new ShapeError('the status of a container is not an object');
      return parseContainer(container, id, version);
    }),
  };
}

function parseContainer(value: JsonObject, instanceId: string, version: string | undefined): PodContainer {
  const name = textOf(value.name);
  if (name === undefined) throw new ShapeError('the status of a container has no name');
  return {
    // Absent for a container that is not active.
    id: textOf(value.containerId) ?? `${instanceId}.${name}`,
    name,
    instanceId,
    version,
    state: textOf(value.status) ?? '',
    startedAt: textOf(value.statusSince),
    healthy: conditionOf(value.conditions),
    endpoints: new Map(strictArrayOf(value.endpoints, 'endpoints').flatMap(parseEndpoint)),
  };
}

/** Joined by name: endpoints with a host port come first here, and the checked one last (`PodStatusConversion.scala`). */
function parseEndpoint(value: unknown): [string, EndpointStatus][] {
  const name = isObject(value) ? textOf(value.name) : undefined;
  if (!isObject(value) || name === undefined) return [];
  const healthy = typeof value.healthy === 'boolean' ? value.healthy : undefined;
  return [[name, { hostPort: portOf(value.allocatedHostPort), healthy }]];
}

/** `"false"` is also written while there is no verdict yet, and only the reason tells. */
function conditionOf(conditions: unknown): boolean | undefined {
  const condition = arrayOf(conditions)
    .filter(isObject)
    .find(({ name }) => name === 'healthy');
  if (condition === undefined || textOf(condition.reason) === 'health-unreported-by-mesos') return undefined;
  return condition.value === 'true' ? true : condition.value === 'false' ? false : undefined;
}
