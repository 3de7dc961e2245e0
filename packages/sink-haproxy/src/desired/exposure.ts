import type { Warning } from '@signalbox/core';
import type { ServiceUnit } from './describe-service.ts';
import type { Maps, ServicePorts } from './model.ts';
import { inQuotes } from './one-line.ts';
import type { RouteClaim } from './routes.ts';

/** Which service gets which port and which route. */
export interface Exposure {
  readonly ports: ServicePorts;
  readonly wildcardLabels: readonly number[];
  readonly maps: Maps;
  readonly warnings: readonly Warning[];
}

export interface ExposureOptions {
  /** Ports of the shared listeners. */
  readonly reservedPorts: ReadonlySet<number>;
  /** Ports that another process holds. */
  readonly occupiedPorts: ReadonlySet<number>;
}

/** Settles who gets what. `units` are sorted by service id; the lowest id keeps a port, Gateway API precedence decides a route. */
export function expose(units: Iterable<ServiceUnit>, options: ExposureOptions): Exposure {
  const warnings: Warning[] = [];
  const ports = new Map<number, ServiceUnit>();
  const winners = new Map<string, { readonly unit: ServiceUnit; readonly claim: RouteClaim }>();
  for (const unit of units) {
    if (unit.backend === undefined) continue;
    const problem = claimPort(unit, ports, options);
    if (problem !== undefined) warnings.push({ message: problem, service: unit.service.id });
    for (const claim of unit.claims) claimRoute(unit, claim, winners, warnings);
  }
  const maps = { exact: new Map<string, string>(), prefix: new Map<string, string>(), port: new Map<string, string>() };
  const labels = new Set<number>();
  for (const { unit, claim } of winners.values()) {
    maps[claim.map].set(claim.key, unit.backend?.name ?? '');
    if (claim.wildcardLabels > 0) labels.add(claim.wildcardLabels);
  }
  const binds: Record<'http' | 'tcp', number[]> = { http: [], tcp: [] };
  for (const [port, { backend }] of [...ports].sort(([left], [right]) => left - right)) {
    if (backend === undefined) continue;
    binds[backend.mode].push(port);
    maps.port.set(String(port), backend.name);
  }
  return {
    ports: binds,
    wildcardLabels: [...labels].sort((left, right) => right - left),
    maps: { exact: sortedByKey(maps.exact), prefix: sortedByKey(maps.prefix), port: maps.port },
    warnings,
  };
}

function claimPort(
  unit: ServiceUnit,
  ports: Map<number, ServiceUnit>,
  { reservedPorts, occupiedPorts }: ExposureOptions,
): string | undefined {
  const { port } = unit;
  if (port === undefined) return undefined;
  const holder = ports.get(port);
  if (holder !== undefined) return `service port ${port} was left out: ${inQuotes(holder.service.id)} has it`;
  if (reservedPorts.has(port)) return `service port ${port} was left out: a shared listener has it`;
  if (occupiedPorts.has(port)) return `service port ${port} was left out: another process listens on it`;
  ports.set(port, unit);
  return undefined;
}

function claimRoute(
  unit: ServiceUnit,
  claim: RouteClaim,
  winners: Map<string, { readonly unit: ServiceUnit; readonly claim: RouteClaim }>,
  warnings: Warning[],
): void {
  const slot = `${claim.map} ${claim.key}`;
  const holder = winners.get(slot);
  // Units come sorted by id, so the holder wins every tie.
  if (holder === undefined || claim.priority > holder.claim.priority) winners.set(slot, { unit, claim });
  if (holder === undefined || holder.unit === unit) return;
  const [winner, loser] = winners.get(slot)?.unit === unit ? [unit, holder.unit] : [holder.unit, unit];
  warnings.push({
    message: `the route ${claim.key} was left out: ${inQuotes(winner.service.id)} has it`,
    service: loser.service.id,
  });
}

function sortedByKey(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].sort(([left], [right]) => (left < right ? -1 : 1)));
}
