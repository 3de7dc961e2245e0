import { isIP } from 'node:net';
import type { Endpoint, Service, Warning } from '@signalbox/core';
import {
  checkAddress,
  checkPort,
  claimPassthrough,
  claimServicePort,
  type ServiceUnit as DescribedService,
  endpointStateOf,
  inQuotes,
  isPassthrough,
  type LookUp,
  listNamedCertificates,
  nameEndpoint,
  nameService,
  oneLine,
} from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { describePolicy } from './describe-policy.ts';
import type { Protocol, Server, Upstream } from './model.ts';
import { claimRoutes, type RouteClaim } from './routes/claim-routes.ts';
import { listenerKinds } from './routes/listener-kinds.ts';

/** One service in nginx's terms, before it competes with others for ports and routes. */
export interface ServiceUnit extends DescribedService {
  /** Undefined when nginx cannot carry the service at all. */
  readonly upstream: Upstream | undefined;
  /** The service port it asks for. */
  readonly port: number | undefined;
  readonly claims: readonly RouteClaim[];
  /** Names that clients ask for in handshakes which it ends itself. */
  readonly passthrough: readonly string[];
}

/** What this nginx can do. */
export interface Abilities {
  readonly hasLua: boolean;
  readonly hasStream: boolean;
}

export interface DescribeOptions {
  readonly settings: Settings;
  readonly abilities: Abilities;
  readonly lookUp: LookUp;
}

/** Said of a port that asks for it. */
const withoutTls = 'service ports of nginx end none: give it a route with `tls`';

export function describeService(service: Service, options: DescribeOptions): ServiceUnit {
  const { settings, abilities } = options;
  const warnings: Warning[] = [];
  const warn = (message: string): void => {
    warnings.push({ message: oneLine(message), service: service.id });
  };
  const { claims, passthrough, protocol } = claimFor(service, options, warn);
  const { policy, problems, refusal } = describePolicy(service, { protocol, hasLua: abilities.hasLua, settings });
  const port = settings.servicePorts ? claimServicePort(service, { withoutTls, warn }) : undefined;
  const cannotCarry =
    refusal ?? (protocol !== 'http' && port !== undefined && !abilities.hasStream ? noStream(protocol) : undefined);
  if (cannotCarry !== undefined) {
    warn(`the service was left out: ${cannotCarry}`);
    return {
      service,
      upstream: undefined,
      port: undefined,
      claims: [],
      passthrough: [],
      certificates: [],
      warnings,
      hosts: new Map(),
    };
  }
  for (const problem of problems) warn(problem);
  if (service.extensions?.nginx !== undefined) warn('extensions.nginx was ignored: it may say nothing yet');
  const { servers, hosts } = describeServers(service, options, warn);
  const upstream = { name: nameService(service.id), serviceId: service.id, protocol, policy, servers };
  const certificates = listNamedCertificates(service);
  return { service, upstream, port, claims, passthrough, certificates, warnings, hosts };
}

function noStream(protocol: Protocol): string {
  return `nginx has no stream module for ${protocol.toUpperCase()}; on Debian, install libnginx-mod-stream`;
}

function claimFor(
  service: Service,
  { settings, abilities }: DescribeOptions,
  warn: (message: string) => void,
): Pick<ServiceUnit, 'claims' | 'passthrough'> & { readonly protocol: Protocol } {
  const own: Protocol = service.protocol === 'udp' ? 'udp' : service.appProtocol === 'http' ? 'http' : 'tcp';
  const none = { claims: [], passthrough: [], protocol: own };
  if (service.routes === undefined || service.routes.length === 0) return none;
  const passthrough = claimNames(service, { settings, abilities }, warn);
  const reaching = service.routes.filter((route) => !isPassthrough(route) && route.redirect === undefined);
  const reason =
    settings.listeners.length === 0
      ? 'the sink has no listener'
      : own === 'udp'
        ? 'a UDP service answers no HTTP'
        : service.appProtocol === 'h2c'
          ? 'nginx does not speak HTTP/2 to endpoints'
          : service.appProtocol === 'https' && service.traffic?.endpointTls === undefined && reaching.length > 0
            ? 'an HTTPS service on a shared listener needs `traffic.endpointTls`'
            : undefined;
  if (reason !== undefined) {
    warn(`its routes were left out: ${reason}`);
    return { ...none, passthrough };
  }
  const { claims, problems } = claimRoutes(service, { hasLua: abilities.hasLua, kinds: listenerKinds(settings) });
  for (const problem of problems) warn(problem);
  if (passthrough.length === 0) return { claims, passthrough, protocol: claims.length > 0 ? 'http' : own };
  // A redirect reaches no endpoint, and so may stand beside bytes that nobody reads.
  if (reaching.length === 0) return { claims, passthrough, protocol: 'tcp' };
  warn('its TLS is not passed through: it has routes that need it to end here');
  return { claims, passthrough: [], protocol: 'http' };
}

function claimNames(
  service: Service,
  { settings, abilities }: Pick<DescribeOptions, 'settings' | 'abilities'>,
  warn: (message: string) => void,
): readonly string[] {
  if (settings.listeners.length === 0 || service.protocol === 'udp') return [];
  const { hostnames, problems } = claimPassthrough(service, listenerKinds(settings));
  for (const problem of problems) warn(problem);
  if (hostnames.length === 0 || abilities.hasStream) return hostnames;
  warn(`its TLS is not passed through: ${noStream('tcp')}`);
  return [];
}

function describeServers(
  service: Service,
  { lookUp }: DescribeOptions,
  warn: (message: string) => void,
): { readonly servers: readonly Server[]; readonly hosts: ReadonlyMap<string, string | undefined> } {
  const stateOf = endpointStateOf(service);
  const servers = new Map<string, Server>();
  const hosts = new Map<string, string | undefined>();
  for (const endpoint of service.endpoints) {
    const server = describeServer(endpoint, lookUp, hosts);
    if ('problem' in server) warn(`the endpoint ${inQuotes(endpoint.id)} was left out: ${server.problem}`);
    else servers.set(server.name, { ...server, draining: stateOf(endpoint) === 'drain' });
  }
  return { servers: [...servers.values()].sort((left, right) => (left.name < right.name ? -1 : 1)), hosts };
}

function describeServer(
  endpoint: Endpoint,
  lookUp: LookUp,
  hosts: Map<string, string | undefined>,
): Omit<Server, 'draining'> | { readonly problem: string } {
  const port = checkPort(endpoint.port);
  if (!port.ok) return { problem: port.reason };
  const checked = checkAddress(endpoint.address);
  if (!checked.ok) return { problem: checked.reason };
  let address = checked.value;
  if (isIP(address) === 0) {
    const resolved = lookUp(address);
    hosts.set(address, resolved);
    if (resolved === undefined) return { problem: `its host name ${address} does not resolve` };
    address = resolved;
  }
  const weight = endpoint.weight ?? 1;
  if (!Number.isInteger(weight) || weight < 0 || weight > 256) return { problem: 'its weight is not 0 to 256' };
  const name = nameEndpoint(address, port.value, endpoint.id);
  return { name, address, port: port.value, weight, backup: endpoint.backup === true };
}
