import type { Endpoint, Health, Service } from '@signalbox/core';
import { routingOf } from '../mapping/endpoints.ts';
import { countServing, type SpecServices } from '../mapping/services.ts';
import type { MappingContext } from '../mapping/spec-kind.ts';
import { chooseAddress } from '../mapping/task-addresses.ts';
import type { Pod, PodContainer, PodDefinition, PodEndpoint, PodInstance } from './pod.ts';
import { podPortOf } from './pod-addresses.ts';

type Context = MappingContext<PodDefinition>;

/** One service per endpoint and protocol; the id ends in the endpoint's name, which is unique within the pod. */
export function podServicesOf(pod: Pod, context: Context): SpecServices {
  const { id: podId, definition, instances } = pod;
  const missingVersions = new Set<string>();
  let reviewAtMs = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    if (isUnknown(instance, definition, context)) missingVersions.add(instance.version ?? '');
  }
  const services: Service[] = [];
  const asIntended = new Set<string>();
  for (const [index, endpoint] of definition.endpoints.entries()) {
    const endpoints: Endpoint[] = [];
    for (const instance of instances) {
      const found = endpointOf(endpoint, instance, definition, context);
      if (found === undefined) continue;
      if ('reviewAtMs' in found) reviewAtMs = Math.min(reviewAtMs, found.reviewAtMs);
      else endpoints.push(found);
    }
    for (const protocol of endpoint.protocols) {
      const suffix = protocol === 'udp' && endpoint.protocols.length > 1 ? '/udp' : '';
      const id = `${context.sourceId}:${podId}#${endpoint.name}${suffix}`;
      const { appProtocol, healthCheck } = endpoint;
      services.push({
        id,
        name: podId,
        protocol,
        ...(protocol === 'tcp' && appProtocol !== undefined && { appProtocol }),
        endpoints,
        ...(protocol === 'tcp' && healthCheck !== undefined && { healthCheck }),
        // The closer one wins: the endpoint's over the container's over the pod's.
        labels: { ...definition.labels, ...endpoint.labels },
        metadata: {
          version: definition.version,
          instances: String(definition.instances),
          networkMode: definition.mode,
          portIndex: String(index),
          portName: endpoint.name,
          container: endpoint.container,
        },
      });
      if (definition.instances <= countServing(endpoints)) asIntended.add(id);
    }
  }
  return {
    services,
    asIntended,
    missingVersions: [...missingVersions],
    ...(Number.isFinite(reviewAtMs) && { reviewAtMs }),
  };
}

function endpointOf(
  present: PodEndpoint,
  instance: PodInstance,
  latest: PodDefinition,
  context: Context,
): Endpoint | { readonly reviewAtMs: number } | undefined {
  const definition = definitionOf(instance, latest, context);
  const endpoint = definition.endpoints.find(({ name }) => name === present.name);
  const container = instance.containers.find(({ name }) => name === endpoint?.container);
  if (endpoint === undefined || container === undefined) return undefined;
  const routing = routingOfInstance(instance, container, context);
  const reachable = chooseAddress(podPortOf(endpoint, definition, instance, container), context.address);
  if (routing === 'out' || reachable === undefined) return undefined;
  const health = healthOf(endpoint, container, definition, context);
  if (typeof health === 'object') return health;
  return {
    id: instance.id,
    address: reachable.address,
    port: reachable.port,
    health,
    ...(routing === 'drain' && { draining: true }),
    metadata: metadataOf(instance),
  };
}

/** All containers of an instance live and die together, but for one that has done its work, such as a migration. */
function routingOfInstance(instance: PodInstance, own: PodContainer, { memory }: Context): 'in' | 'drain' | 'out' {
  let routing = routingOf(memory.stateOf(own));
  for (const container of instance.containers) {
    const state = memory.stateOf(container);
    if (container === own || state === 'TASK_FINISHED') continue;
    const other = routingOf(state);
    if (other === 'out') return 'out';
    if (other === 'drain' && routing === 'in') routing = 'drain';
  }
  return routing;
}

/** As for apps: a verdict that is missing is the last one again, and an instance that never had one waits out its grace period. */
function healthOf(
  endpoint: PodEndpoint,
  container: PodContainer,
  definition: PodDefinition,
  { memory, nowMs }: Context,
): Health | { readonly reviewAtMs: number } {
  const check = definition.containers.get(container.name);
  if (check === undefined || check.judges === 'nothing') return 'healthy';
  const everything = check.judges === 'everything';
  // An endpoint that the check does not ask is not judged by it.
  if (typeof check.judges === 'object' && check.judges.endpoint !== endpoint.name) return 'healthy';
  const healthy = everything ? container.healthy : container.endpoints.get(endpoint.name)?.healthy;
  const verdict = memory.judge(container, healthy === undefined ? 'unknown' : healthy ? 'healthy' : 'unhealthy');
  if (verdict !== undefined) return verdict;
  const graceEndsAtMs = memory.firstSeenAtMs(container, nowMs) + check.gracePeriodMs;
  return graceEndsAtMs > nowMs ? { reviewAtMs: graceEndsAtMs } : 'unknown';
}

function definitionOf(instance: PodInstance, latest: PodDefinition, { definitions }: Context): PodDefinition {
  if (!needsOwnDefinition(instance, latest)) return latest;
  return definitions.get(instance.version ?? '') ?? latest;
}

function isUnknown(instance: PodInstance, latest: PodDefinition, { definitions }: Context): boolean {
  return needsOwnDefinition(instance, latest) && !definitions.has(instance.version ?? '');
}

/**
 * Scaling changes the version as well, so it alone says little. On the agent, ports are known by name from the status; only
 * when containers or endpoints have others names does an instance need the definition that it was started from. In a container network the
 * port stands in the definition alone.
 */
function needsOwnDefinition({ version, containers }: PodInstance, latest: PodDefinition): boolean {
  if (version === undefined || version === latest.version) return false;
  if (latest.mode === 'container') return true;
  return (
    containers.some(({ name }) => !latest.containers.has(name)) ||
    latest.endpoints.some(
      ({ name, container }) => containers.find((other) => other.name === container)?.endpoints.has(name) !== true,
    )
  );
}

function metadataOf({ host, version, region, zone }: PodInstance): Readonly<Record<string, string>> {
  return {
    ...(host !== undefined && { agent: host }),
    ...(version !== undefined && { version }),
    ...(region !== undefined && { region }),
    ...(zone !== undefined && { zone }),
  };
}
