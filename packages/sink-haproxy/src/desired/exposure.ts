import type { Warning } from '@signalbox/core';
import { inQuotes } from '@signalbox/sink-kit';
import type { ServiceUnit } from './describe-service.ts';
import type { Maps, PortProtocol, PortRange, RouteFilter, RouteRule, ServicePorts } from './model.ts';
import { isInRange, withoutPorts } from './port-ranges.ts';
import { settlePassthroughNames } from './routes/passthrough-names.ts';
import { settleRoutes } from './routes/settle-routes.ts';
import { formatPortTarget } from './routes/target.ts';

/** Which service gets which port and which route. */
export interface Exposure {
  readonly ports: ServicePorts;
  readonly wildcardLabels: readonly number[];
  readonly maps: Maps;
  readonly rules: readonly RouteRule[];
  readonly filters: readonly RouteFilter[];
  readonly warnings: readonly Warning[];
}

export interface ExposureOptions {
  /** Ports of the shared listeners. */
  readonly reservedPorts: ReadonlySet<number>;
  /** Ports that another process holds. */
  readonly occupiedPorts: ReadonlySet<number>;
  /** Bound from the start. */
  readonly portRanges: readonly PortRange[];
}

/** Settles who gets what. `units` are sorted by service id; the lowest id keeps a port, Gateway API precedence decides a route. */
export function expose(units: Iterable<ServiceUnit>, options: ExposureOptions): Exposure {
  const warnings: Warning[] = [];
  const ports = new Map<number, ServiceUnit>();
  const all = [...units];
  for (const unit of all) {
    if (unit.backend === undefined) continue;
    const problem = claimPort(unit, ports, options);
    if (problem !== undefined) warnings.push({ message: problem, service: unit.service.id });
  }
  const portMap = new Map<string, string>();
  const ranges = withoutPorts(options.portRanges, options.occupiedPorts);
  const binds: Record<PortProtocol, number[]> = { http: [], https: [], tcp: [], tls: [] };
  for (const [number, { backend, port }] of [...ports].sort(([left], [right]) => left - right)) {
    if (backend === undefined || port === undefined) continue;
    if (!isInRange(ranges, number)) binds[port.protocol].push(number);
    portMap.set(String(number), formatPortTarget({ backend: backend.name, protocol: port.protocol }));
  }
  const routes = settleRoutes(all);
  const { sni, warnings: ofPassthrough } = settlePassthroughNames(all);
  return {
    ...routes,
    ports: { ...binds, ranges },
    maps: { ...routes.maps, port: portMap, sni, spare: new Map(), check: listCheckRequests(all) },
    warnings: [...warnings, ...routes.warnings, ...ofPassthrough],
  };
}

function claimPort(
  unit: ServiceUnit,
  ports: Map<number, ServiceUnit>,
  { reservedPorts, occupiedPorts }: ExposureOptions,
): string | undefined {
  const port = unit.port?.number;
  if (port === undefined) return undefined;
  const holder = ports.get(port);
  if (holder !== undefined) return `service port ${port} was left out: ${inQuotes(holder.service.id)} has it`;
  if (reservedPorts.has(port)) return `service port ${port} was left out: a shared listener has it`;
  if (occupiedPorts.has(port)) return `service port ${port} was left out: another process listens on it`;
  ports.set(port, unit);
  return undefined;
}

function listCheckRequests(units: readonly ServiceUnit[]): ReadonlyMap<string, string> {
  const requests = units.flatMap(({ backend }): readonly [string, string][] =>
    backend?.checkRequest === undefined ? [] : [[backend.name, backend.checkRequest]],
  );
  return new Map(requests.sort(([left], [right]) => (left < right ? -1 : 1)));
}
