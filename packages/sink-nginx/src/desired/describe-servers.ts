import type { Endpoint, Service } from '@signalbox/core';
import { endpointStateOf, inQuotes, type LookUp, nameEndpoint, placeEndpoint } from '@signalbox/sink-kit';
import type { Server } from './model.ts';

/** The endpoints of a service, by name. `hosts` gets the host names that were looked up, `problems` what was left out. */
export function describeServers(
  service: Service,
  lookUp: LookUp,
  hosts: Map<string, string | undefined>,
  problems: string[],
): readonly Server[] {
  const stateOf = endpointStateOf(service);
  const servers = new Map<string, Server>();
  for (const endpoint of service.endpoints) {
    const draining = stateOf(endpoint) === 'drain';
    const server = describeServer(endpoint, draining, lookUp, hosts);
    if ('problem' in server) problems.push(`the endpoint ${inQuotes(endpoint.id)} was left out: ${server.problem}`);
    else servers.set(server.name, server);
  }
  return [...servers.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The name of the server that an endpoint becomes; undefined when it becomes none. */
export function serverNameOf(endpoint: Endpoint, lookUp: LookUp): string | undefined {
  const before = known.get(endpoint);
  if (before !== undefined) return before.name;
  const place = placeEndpoint(endpoint, lookUp);
  return 'problem' in place ? undefined : nameEndpoint(place.address, place.port, endpoint.id);
}

/** Most endpoints of a service that changed are the same objects as before, and naming one takes a hash. */
const known = new WeakMap<Endpoint, Server>();

function describeServer(
  endpoint: Endpoint,
  draining: boolean,
  lookUp: LookUp,
  hosts: Map<string, string | undefined>,
): Server | { readonly problem: string } {
  const before = known.get(endpoint);
  if (before !== undefined) return before.draining === draining ? before : { ...before, draining };
  const place = placeEndpoint(endpoint, lookUp);
  const { hostname } = place;
  if (hostname !== undefined) hosts.set(hostname, 'problem' in place ? undefined : place.address);
  if ('problem' in place) return place;
  const weight = endpoint.weight ?? 1;
  if (!Number.isInteger(weight) || weight < 0 || weight > 256) return { problem: 'its weight is not 0 to 256' };
  const { address, port } = place;
  const name = nameEndpoint(address, port, endpoint.id);
  const server: Server = { name, address, port, weight, backup: endpoint.backup === true, draining };
  // A host name may resolve otherwise the next time.
  if (hostname === undefined) known.set(endpoint, server);
  return server;
}
