import type { Catalog, EndpointStatistics, Service, ServiceStatistics, SinkStatistics } from '@signalbox/core';
import { type LookUp, resolveHosts } from '@signalbox/sink-kit';
import { readCertificateStatistics } from '../certificates/certificate-statistics.ts';
import { showMapCommand } from '../control/maps.ts';
import { openRuntime } from '../control/runtime-connection.ts';
import { readStatisticsTable, type StatisticsRow } from '../control/statistics-table.ts';
import { backendName, serverNameOf } from '../desired/names.ts';
import { toMap } from '../observed/observed-map.ts';
import { mapPaths } from '../render/files.ts';
import type { SinkState } from '../sink-state.ts';
import { heldSpares } from '../structure/place-backends.ts';
import { readTargetNumbers } from './target-numbers.ts';
import { toEndpointStatistics, toTraffic } from './traffic.ts';

/** `show stat` of 40,000 servers takes HAProxy a second or two, and longer when it is busy. */
const answerTimeoutMs = 30_000;

/** Over a connection of its own, so that no transaction waits for it. */
export async function readStatistics(
  { settings, certificates: keeper }: Pick<SinkState, 'settings' | 'certificates'>,
  catalog: Catalog,
  signal: AbortSignal,
): Promise<SinkStatistics> {
  await using connection = await openRuntime(settings.runtimeSocket, { signal, timeoutMs: answerTimeoutMs });
  const target = await readTargetNumbers(connection, settings, signal);
  const backends = groupByBackend(await readStatisticsTable(connection));
  const [spareMap] = await connection.send([showMapCommand(mapPaths(settings.runDirectory).spare)]);
  const held = heldSpares(toMap(spareMap));
  const lookUp = await resolveHosts(catalog, signal);
  const services = new Map<string, ServiceStatistics>();
  for (const service of catalog.services.values()) {
    const name = backendName(service.id);
    const rows = busiest([name, ...(held.get(name) ?? []).map((spare) => spare.name)].map((one) => backends.get(one)));
    if (rows !== undefined) services.set(service.id, toServiceStatistics(service, rows, lookUp));
  }
  const certificates = keeper === undefined ? undefined : await readCertificateStatistics(connection, settings, keeper);
  return { services, target, ...(certificates === undefined ? {} : { certificates }) };
}

interface BackendRows {
  total: StatisticsRow | undefined;
  readonly servers: Map<string, StatisticsRow>;
}

function groupByBackend(rows: readonly StatisticsRow[]): ReadonlyMap<string, BackendRows> {
  const backends = new Map<string, BackendRows>();
  for (const row of rows) {
    const known = backends.get(row.backend) ?? { total: undefined, servers: new Map<string, StatisticsRow>() };
    backends.set(row.backend, known);
    if (row.server === undefined) known.total = row;
    else known.servers.set(row.server, row);
  }
  return backends;
}

/** A service that moved between its own backend and spares is where most of its servers are in service; where it was, they retire. */
function busiest(places: readonly (BackendRows | undefined)[]): BackendRows | undefined {
  const inService = ({ servers }: BackendRows): number =>
    [...servers.values()].filter((row) => !/^(MAINT|DRAIN)/.test(row.text('status'))).length;
  return places
    .filter((rows) => rows !== undefined)
    .reduce<BackendRows | undefined>(
      (best, rows) => (best === undefined || inService(rows) > inService(best) ? rows : best),
      undefined,
    );
}

function toServiceStatistics(service: Service, { total, servers }: BackendRows, lookUp: LookUp): ServiceStatistics {
  const traffic = total === undefined ? {} : toTraffic(total);
  // A backend counts only those that no server was chosen for yet.
  let queuedRequests = traffic.queuedRequests ?? 0;
  for (const row of servers.values()) queuedRequests += row.number('qcur') ?? 0;
  const endpoints = new Map<string, EndpointStatistics>();
  for (const endpoint of service.endpoints) {
    const name = serverNameOf(endpoint, lookUp);
    const row = name === undefined ? undefined : servers.get(name);
    if (row !== undefined) endpoints.set(endpoint.id, toEndpointStatistics(row));
  }
  return { ...traffic, queuedRequests, endpoints };
}
