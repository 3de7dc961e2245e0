import type { Service } from '@signalbox/core';
import {
  claimPassthrough,
  claimServicePort,
  type ServiceUnit as DescribedService,
  differsInEndpointsAlone,
  isPassthrough,
  type LookUp,
  listenerKinds,
  listNamedCertificates,
  nameService,
  oneLine,
} from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { describePolicy } from './describe-policy.ts';
import { describeServers } from './describe-servers.ts';
import type { Protocol, Server, Upstream } from './model.ts';
import { claimRoutes, type RouteClaim } from './routes/claim-routes.ts';

/** One service in nginx's terms, before it competes with others for ports and routes. */
export interface ServiceUnit extends DescribedService, Pick<ServiceStructure, 'port' | 'claims' | 'passthrough'> {
  readonly structure: ServiceStructure;
  /** Undefined when nginx cannot carry the service at all. */
  readonly upstream: Upstream | undefined;
}

/** All of a service but its endpoints. */
export interface ServiceStructure {
  /** Undefined when nginx cannot carry the service at all. */
  readonly upstream: Omit<Upstream, 'servers'> | undefined;
  /** The service port it asks for. */
  readonly port: number | undefined;
  readonly claims: readonly RouteClaim[];
  /** Names that clients ask for in handshakes which it ends itself. */
  readonly passthrough: readonly string[];
  /** Names of certificates that its routes ask for. */
  readonly certificates: readonly string[];
  readonly problems: readonly string[];
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

/** `before` is the unit of an earlier state of the service: what only endpoints cannot change is taken from it. */
export function describeService(service: Service, options: DescribeOptions, before?: ServiceUnit): ServiceUnit {
  const structure =
    before !== undefined && differsInEndpointsAlone(before.service, service)
      ? before.structure
      : describeStructure(service, options);
  const problems = [...structure.problems];
  const hosts = new Map<string, string | undefined>();
  const upstream =
    structure.upstream === undefined
      ? undefined
      : withServers(structure.upstream, describeServers(service, options.lookUp, hosts, problems));
  const warnings = problems.map((message) => ({ message: oneLine(message), service: service.id }));
  const { port, claims, passthrough, certificates } = structure;
  return { service, structure, upstream, port, claims, passthrough, certificates, warnings, hosts };
}

/** Property by property: this is done for every change. */
function withServers(
  { name, serviceId, protocol, policy }: NonNullable<ServiceStructure['upstream']>,
  servers: readonly Server[],
): Upstream {
  return { name, serviceId, protocol, policy, servers };
}

function describeStructure(service: Service, options: DescribeOptions): ServiceStructure {
  const { settings, abilities } = options;
  const problems: string[] = [];
  const warn = (message: string): void => void problems.push(message);
  const { claims, passthrough, protocol } = claimFor(service, options, warn);
  const described = describePolicy(service, { protocol, hasLua: abilities.hasLua, settings });
  const port = settings.servicePorts ? claimServicePort(service, { withoutTls, warn }) : undefined;
  const cannotCarry =
    described.refusal ??
    (protocol !== 'http' && port !== undefined && !abilities.hasStream ? noStream(protocol) : undefined);
  if (cannotCarry !== undefined) {
    warn(`the service was left out: ${cannotCarry}`);
    return { upstream: undefined, port: undefined, claims: [], passthrough: [], certificates: [], problems };
  }
  problems.push(...described.problems);
  if (service.extensions?.nginx !== undefined) warn('extensions.nginx was ignored: it may say nothing yet');
  const certificates = listNamedCertificates(service);
  const upstream = { name: nameService(service.id), serviceId: service.id, protocol, policy: described.policy };
  return { upstream, port, claims, passthrough, certificates, problems };
}

function noStream(protocol: Protocol): string {
  return `nginx has no stream module for ${protocol.toUpperCase()}; on Debian, install libnginx-mod-stream`;
}

function claimFor(
  service: Service,
  { settings, abilities }: DescribeOptions,
  warn: (message: string) => void,
): Pick<ServiceStructure, 'claims' | 'passthrough'> & { readonly protocol: Protocol } {
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
