import type { Endpoint, Service } from '@signalbox/core';
import {
  claimPassthrough,
  claimServicePort,
  type ServiceUnit as DescribedService,
  differsInEndpointsAlone,
  type EndpointPlace,
  endpointStateOf,
  inQuotes,
  isPassthrough,
  type LookUp,
  listenerKinds,
  listNamedCertificates,
  oneLine,
  placeEndpoint,
} from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { describeBackendSettings } from './backend-settings.ts';
import { readExtension } from './extension.ts';
import type { Backend, Mode, PortProtocol, Server } from './model.ts';
import { backendName, serverName } from './names.ts';
import { protocolOfPort } from './port-protocols.ts';
import { claimRoutes, type RouteClaim } from './routes/claim-routes.ts';
import { mostWildcardLabels } from './routes/passthrough-names.ts';

/** One service in HAProxy's terms, before it competes with others for ports and routes. */
export interface ServiceUnit extends DescribedService, Pick<ServiceStructure, 'port' | 'claims' | 'passthrough'> {
  readonly structure: ServiceStructure;
  /** Undefined when HAProxy cannot carry the service at all. */
  readonly backend: Backend | undefined;
}

export interface PortClaim {
  readonly number: number;
  readonly protocol: PortProtocol;
}

/** All of a service but its endpoints. */
export interface ServiceStructure {
  /** The backend without its servers; undefined when HAProxy cannot carry the service at all. */
  readonly backend: Omit<Backend, 'servers' | 'draining'> | undefined;
  /** The service port it asks for. */
  readonly port: PortClaim | undefined;
  readonly claims: readonly RouteClaim[];
  /** Names in TLS handshakes that lead to it unread. */
  readonly passthrough: readonly string[];
  /** Names of certificates that it asks for. */
  readonly certificates: readonly string[];
  readonly problems: readonly string[];
}

/** `before` is the unit of an earlier state of the service: what only endpoints cannot change is taken from it. */
export function describeService(
  service: Service,
  settings: Settings,
  lookUp: LookUp,
  before?: ServiceUnit,
): ServiceUnit {
  const structure =
    before !== undefined && differsInEndpointsAlone(before.service, service)
      ? before.structure
      : describeStructure(service, settings);
  const problems = [...structure.problems];
  const hosts = new Map<string, string | undefined>();
  const backend =
    structure.backend === undefined
      ? undefined
      : withServers(structure.backend, describeServers(service, { lookUp, hosts, problems, before: before?.service }));
  const warnings = problems.map((message) => ({ message: oneLine(message), service: service.id }));
  const { port, claims, passthrough, certificates } = structure;
  return { service, structure, backend, port, claims, passthrough, certificates, warnings, hosts };
}

/** Property by property: this is done for every change, and spreading costs as much as naming the servers. */
function withServers(
  { name, serviceId, mode, lines, serverSettings, checked, checkRequest }: NonNullable<ServiceStructure['backend']>,
  { servers, draining }: Pick<Backend, 'servers' | 'draining'>,
): Backend {
  return { name, serviceId, mode, lines, serverSettings, checked, checkRequest, servers, draining };
}

function describeStructure(service: Service, settings: Settings): ServiceStructure {
  if (service.protocol === 'udp') {
    const problems = ['HAProxy does not carry UDP: the service was left out'];
    return { backend: undefined, port: undefined, claims: [], passthrough: [], certificates: [], problems };
  }
  const problems: string[] = [];
  const warn = (message: string): void => {
    problems.push(message);
  };
  const extension = readExtension(service.extensions?.haproxy);
  if ('problem' in extension) warn(`extensions.haproxy was ignored: ${extension.problem}`);
  const { claims, passthrough, mode } = claimFor(service, settings, warn);
  const { problems: ungranted, ...backendSettings } = describeBackendSettings(service, mode, settings);
  problems.push(...ungranted);
  const port = claimPort(service, mode, settings, warn);
  const backend = { name: backendName(service.id), serviceId: service.id, mode, ...backendSettings };
  const certificates = listNamedCertificates(service);
  return { backend, port, claims, passthrough, certificates, problems };
}

function claimPort(
  service: Service,
  mode: Mode,
  { servicePorts, certificates }: Settings,
  warn: (message: string) => void,
): PortClaim | undefined {
  if (!servicePorts) return undefined;
  const withoutTls = certificates === undefined ? 'the sink has no `certificates`' : undefined;
  const number = claimServicePort(service, { withoutTls, warn });
  return number === undefined ? undefined : { number, protocol: protocolOfPort(mode, service.portTls !== undefined) };
}

function claimFor(
  service: Service,
  settings: Settings,
  warn: (message: string) => void,
): Pick<ServiceStructure, 'claims' | 'passthrough'> & { readonly mode: Mode } {
  // Clients of a port with TLS ask for HTTP/2 in the handshake, so what ends it has to know it.
  const endsHttp2 = service.appProtocol === 'h2c' && service.portTls !== undefined;
  const ownMode: Mode = service.appProtocol === 'http' || endsHttp2 ? 'http' : 'tcp';
  const none = { claims: [], passthrough: [], mode: ownMode };
  const { routes = [] } = service;
  if (routes.length === 0) return none;
  if (settings.listeners.length === 0) {
    warn('its routes were left out: the sink has no listener');
    return none;
  }
  const kinds = listenerKinds(settings);
  const { hostnames, problems: ofPassthrough } = claimPassthrough(service, {
    hasTls: kinds.hasTls,
    mostWildcardLabels,
  });
  for (const problem of ofPassthrough) warn(problem);
  const reaching = routes.filter((route) => !isPassthrough(route) && route.redirect === undefined);
  if (service.appProtocol === 'https' && service.traffic?.endpointTls === undefined && reaching.length > 0) {
    warn('its routes were left out: an HTTPS service on a shared listener needs `traffic.endpointTls`');
    return { ...none, passthrough: hostnames, mode: hostnames.length > 0 ? 'tcp' : ownMode };
  }
  const { claims, problems } = claimRoutes(service, kinds);
  for (const problem of problems) warn(problem);
  if (hostnames.length === 0) return { claims, passthrough: [], mode: claims.length > 0 ? 'http' : ownMode };
  // A redirect reaches no endpoint, and so may stand beside bytes that nobody reads.
  if (reaching.length === 0) return { claims, passthrough: hostnames, mode: 'tcp' };
  warn('its TLS is not passed through: it has routes that need it to end here');
  return { claims, passthrough: [], mode: 'http' };
}

interface ServerInputs {
  readonly lookUp: LookUp;
  readonly hosts: Map<string, string | undefined>;
  readonly problems: string[];
  /** An earlier state of the service. */
  readonly before: Service | undefined;
}

function describeServers(
  service: Service,
  { lookUp, hosts, problems, before }: ServerInputs,
): Pick<Backend, 'servers' | 'draining'> {
  const stateOf = endpointStateOf(service);
  const found: Server[] = [];
  const draining = new Set<string>();
  for (const [index, endpoint] of service.endpoints.entries()) {
    const server =
      known.get(endpoint) ??
      describeAgain(endpoint, before?.endpoints[index]) ??
      describeServer(endpoint, lookUp, hosts);
    if ('problem' in server) {
      problems.push(`the endpoint ${inQuotes(endpoint.id)} was left out: ${server.problem}`);
    } else if (stateOf(endpoint) === 'drain') draining.add(server.name);
    else found.push(server);
  }
  // Sorted, so that the order of the source changes no byte.
  found.sort((left, right) => (left.name < right.name ? -1 : 1));
  const servers = new Map<string, Server>();
  for (const server of found) servers.set(server.name, server);
  return { servers, draining };
}

/** Most endpoints of a service that changed are the same objects as before, and naming one takes a hash. */
const known = new WeakMap<Endpoint, Server>();

/** One that has another weight or health, in the place that it had, has the name that it had. */
function describeAgain(endpoint: Endpoint, before: Endpoint | undefined): Server | { problem: string } | undefined {
  const namesake = before === undefined ? undefined : known.get(before);
  if (before === undefined || namesake === undefined) return undefined;
  const { id, address, port, backup } = before;
  if (endpoint.id !== id || endpoint.address !== address || endpoint.port !== port) return undefined;
  if ((endpoint.backup === true) !== (backup === true)) return undefined;
  const server = describeAt(namesake, namesake.name, endpoint);
  if (!('problem' in server)) known.set(endpoint, server);
  return server;
}

function describeServer(
  endpoint: Endpoint,
  lookUp: LookUp,
  hosts: Map<string, string | undefined>,
): Server | { problem: string } {
  const place = placeEndpoint(endpoint, lookUp);
  const { hostname } = place;
  if (hostname !== undefined) hosts.set(hostname, 'problem' in place ? undefined : place.address);
  if ('problem' in place) return place;
  const server = describeAt(place, serverName(place, endpoint), endpoint);
  // A host name may resolve otherwise the next time.
  if (hostname === undefined && !('problem' in server)) known.set(endpoint, server);
  return server;
}

function describeAt(
  { address, port }: EndpointPlace,
  name: string,
  { weight = 1, backup, health }: Endpoint,
): Server | { problem: string } {
  if (!Number.isInteger(weight) || weight < 0 || weight > 256) return { problem: 'its weight is not 0 to 256' };
  return { name, address, port, weight, backup: backup === true, vouched: health === 'healthy' };
}
