import type { Warning } from '@signalbox/core';
import { inQuotes, settlePassthrough } from '@signalbox/sink-kit';
import type { ServiceUnit } from './describe-service.ts';
import type { Desired, Protocol } from './model.ts';
import { settleRoutes } from './routes/settle-routes.ts';

/** Which service gets which port and which route. */
export type Exposure = Pick<Desired, 'hosts' | 'ports' | 'passthrough' | 'warnings'>;

export interface ExposureOptions {
  /** Ports of the shared listeners. */
  readonly reservedPorts: ReadonlySet<number>;
  /** Ports that another process holds. */
  readonly occupiedPorts: ReadonlySet<number>;
}

/** Settles who gets what. `units` are sorted by service id; the lowest id keeps a port, Gateway API precedence decides a route. */
export function expose(units: readonly ServiceUnit[], options: ExposureOptions): Exposure {
  const warnings: Warning[] = [];
  const holders = new Map<string, ServiceUnit>();
  for (const unit of units) {
    const problem = claimPort(unit, holders, options);
    if (problem !== undefined) warnings.push({ message: problem, service: unit.service.id });
  }
  const ports: Record<Protocol, Map<number, string>> = { http: new Map(), tcp: new Map(), udp: new Map() };
  const held = [...holders.values()].sort((left, right) => (left.port ?? 0) - (right.port ?? 0));
  for (const { upstream, port } of held) {
    if (upstream !== undefined && port !== undefined) ports[upstream.protocol].set(port, upstream.name);
  }
  const routes = settleRoutes(units);
  const { holders: names, warnings: ofPassthrough } = settlePassthrough(units.flatMap(toClaimants));
  return {
    hosts: routes.hosts,
    ports,
    passthrough: new Map([...names].map(([hostname, holder]) => [hostname, holder?.upstream])),
    warnings: [...warnings, ...routes.warnings, ...ofPassthrough],
  };
}

function toClaimants({ service, upstream, passthrough, claims }: ServiceUnit) {
  if (upstream === undefined) return [];
  const endedHosts = (): readonly string[] => claims.map(({ spot }) => spot.host);
  return [{ serviceId: service.id, upstream: upstream.name, passthrough, endedHosts }];
}

function claimPort(
  unit: ServiceUnit,
  holders: Map<string, ServiceUnit>,
  { reservedPorts, occupiedPorts }: ExposureOptions,
): string | undefined {
  const { port, upstream } = unit;
  if (port === undefined || upstream === undefined) return undefined;
  // The ports of TCP and of UDP have nothing to do with each other.
  const isUdp = upstream.protocol === 'udp';
  const key = `${isUdp ? 'udp' : 'tcp'} ${port}`;
  const holder = holders.get(key);
  if (holder !== undefined) return `service port ${port} was left out: ${inQuotes(holder.service.id)} has it`;
  if (!isUdp && reservedPorts.has(port)) return `service port ${port} was left out: a shared listener has it`;
  if (!isUdp && occupiedPorts.has(port)) return `service port ${port} was left out: another process listens on it`;
  holders.set(key, unit);
  return undefined;
}
