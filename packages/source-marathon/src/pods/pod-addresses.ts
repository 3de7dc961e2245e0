import { isPort } from '../mapping/read-fields.ts';
import type { TaskPort } from '../mapping/task-addresses.ts';
import type { PodContainer, PodDefinition, PodEndpoint, PodInstance } from './pod.ts';

/** Where one endpoint of one instance can be reached, by the definition that the instance was started from. */
export function podPortOf(
  endpoint: PodEndpoint,
  definition: PodDefinition,
  instance: PodInstance,
  container: PodContainer | undefined,
): TaskPort {
  const hostPort = container?.endpoints.get(endpoint.name)?.hostPort ?? endpoint.fixedHostPort;
  const { host } = instance;
  return {
    host: host !== undefined && hostPort !== undefined ? { address: host, port: hostPort } : undefined,
    container: definition.mode === 'container' ? containerSideOf(endpoint, instance, hostPort) : undefined,
  };
}

/** Only in container mode: in bridge mode other hosts cannot reach the address. Unlike for apps, the network has a name. */
function containerSideOf(
  { networkNames, containerPort }: PodEndpoint,
  { networks }: PodInstance,
  hostPort: number | undefined,
): TaskPort['container'] {
  const allowed = networks.filter(
    ({ name, addresses }) =>
      addresses.length > 0 && (networkNames.length === 0 || (name !== undefined && networkNames.includes(name))),
  );
  const address = allowed[0]?.addresses[0];
  const port = containerPort === 0 ? hostPort : containerPort;
  return address !== undefined && isPort(port) ? { address, port } : undefined;
}
